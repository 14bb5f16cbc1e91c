#!/bin/sh
# gate.sh ENGINE CONTAINER ARCHIVE [OPTION...]: a checkpoint that is made only where it can be, and told of only where it
# can be restored. ENGINE is podman, or crictl on a node of Kubernetes; OPTIONs are those of its checkpoint.
#
# The status is coldcase's: 1 there is something at or above FAIL_ON (error), 4 damage, and so on; or the engine's.
# COLDCASE names the program where it is not in PATH.
set -eu
[ $# -ge 3 ] || {
	echo "usage: gate.sh podman|crictl CONTAINER ARCHIVE [OPTION...]" >&2
	exit 2
}
engine=$1 container=$2 archive=$3
shift 3
coldcase=${COLDCASE:-coldcase}
fail_on=${FAIL_ON:-error}

# The process, not its control group: what descends from it is what the engine has CRIU dump. A session of "podman exec"
# is in the same group, is not dumped, and would be judged with the rest.
case $engine in
podman) pid=$(podman inspect --format '{{.State.Pid}}' "$container") ;;
crictl) pid=$(crictl inspect --output go-template --template '{{.info.pid}}' "$container") ;;
*)
	echo "gate.sh: no engine $engine: podman, crictl" >&2
	exit 2
	;;
esac

"$coldcase" check --pid "$pid" --fail-on "$fail_on" || {
	status=$?
	echo "gate.sh: $container is left alone: it cannot be checkpointed as it is" >&2
	exit $status
}
case $engine in
podman) podman container checkpoint --export "$archive" "$@" "$container" ;;
crictl) crictl checkpoint --export="$archive" "$@" "$container" ;;
esac
"$coldcase" check "$archive" --fail-on "$fail_on"
