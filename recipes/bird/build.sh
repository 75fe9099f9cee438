#!/bin/sh
# BIRD and its clients as static programs.
set -eu
cd bird
autoreconf
CFLAGS='-O2 -static' LDFLAGS=-static ./configure \
  --prefix=/usr --sbindir=/usr/bin --sysconfdir=/etc/bird --localstatedir=/var --runstatedir=/run \
  --with-iproutedir=/usr/share/iproute2 --disable-libssh
make -j"$JOBS"
make install DESTDIR="$PWD/installed"

mkdir -p "$OUT/usr/bin"
for program in bird birdc birdcl; do
  strip -o "$OUT/usr/bin/$program" "installed/usr/bin/$program"
done
"$OUT/usr/bin/bird" --version 2>&1 | grep -F "BIRD version $VERSION"
