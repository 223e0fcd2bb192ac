# Watches over a server that is already there, until it ends; stops it when standard input ends.
# Standard output is the owner's lock. The working folder is the cluster's.
exec 3<&0 </dev/null
trap '' HUP INT TERM
server=$1
socket_folder=$2

# The number is believed only while the cluster's own file has it, too.
runs() {
    read -r named <postmaster.pid && [ "$named" = "$server" ] &&
        read -r _ _ state _ <"/proc/$server/stat" && [ "$state" != Z ]
} 2>/dev/null

(
    read -r _ <&3
    while runs && kill -INT "$server"; do sleep 1 >/dev/null 2>&1; done
) &
watcher=$!
exec 3<&-

while runs; do sleep 0.2 >&2; done
kill -KILL "$watcher" 2>/dev/null
[ -z "$socket_folder" ] || rmdir "$socket_folder" 2>/dev/null
