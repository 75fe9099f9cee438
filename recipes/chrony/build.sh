#!/bin/sh
# chronyd and chronyc as static programs.
set -eu
cd chrony
# A checkout has no version of its own: it is in release archives only, or in the history of the tag.
echo "$VERSION" >version.txt
CFLAGS='-O2 -static' LDFLAGS=-static ./configure \
  --prefix=/usr --sbindir=/usr/bin --sysconfdir=/etc/chrony \
  --chronyrundir=/run/chrony --chronyvardir=/var/lib/chrony --with-pidfile=/run/chrony/chronyd.pid
make -j"$JOBS" chronyd chronyc

mkdir -p "$OUT/usr/bin"
for program in chronyd chronyc; do
  strip -o "$OUT/usr/bin/$program" "$program"
done
"$OUT/usr/bin/chronyd" --version | grep -F "version $VERSION"
