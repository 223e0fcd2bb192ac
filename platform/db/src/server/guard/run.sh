# Runs a server until standard input ends, which it does when the owner ends in any way.
# Standard output is the owner's lock: it is held until the server has ended.
exec 3<&0 </dev/null
trap '' HUP INT TERM
socket_folder=$1
shift

"$@" >&2 3<&- &
server=$!
(
    read -r _ <&3
    # Again and again: a server that is just starting may not have heard the first.
    while kill -INT "$server" 2>/dev/null; do sleep 1 >/dev/null 2>&1; done
) &
watcher=$!
exec 3<&-

wait "$server"
code=$?
kill -KILL "$watcher" 2>/dev/null
[ -z "$socket_folder" ] || rmdir "$socket_folder" 2>/dev/null
exit "$code"
