/**
 * Run by /bin/sh in a mount namespace of their own, so that nothing stays mounted whatever ends them; values reach them as
 * arguments. Nothing on the partition is run, and no link on it is followed.
 */

/** IMAGE OFFSET SIZE MOUNTPOINT TAR FOLDER…: makes folders that are missing and writes the files of TAR, over nothing. */
export const writeScript = `set -eu
image=$1 offset=$2 size=$3 at=$4 tar=$5
shift 5
mount -o "loop,offset=$offset,sizelimit=$size,nodev,nosuid,noexec" -- "$image" "$at"
for folder; do
  if [ -L "$at/$folder" ]; then echo "/$folder is a link" >&2; exit 3; fi
  [ -d "$at/$folder" ] || mkdir -m 0755 -- "$at/$folder"
done
tar --extract --file="$tar" --directory="$at" --keep-old-files
umount "$at"
`;

/** IMAGE OFFSET SIZE MOUNTPOINT TAR: compares the files of TAR with what the partition has. */
export const compareScript = `set -eu
mount -o "loop,ro,offset=$2,sizelimit=$3,nodev,nosuid,noexec" -- "$1" "$4"
tar --compare --file="$5" --directory="$4"
`;
