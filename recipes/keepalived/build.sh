#!/bin/sh
# keepalived as one static program.
set -eu
cd keepalived
./autogen.sh
CFLAGS='-O2 -static' LDFLAGS=-static ./configure \
  --prefix=/usr --bindir=/usr/bin --sbindir=/usr/bin --sysconfdir=/etc --localstatedir=/var \
  --disable-dynamic-linking --disable-iptables --enable-nftables --enable-vrrp --enable-bfd --enable-regex --enable-json \
  --with-init=SYSV --with-iproute-usr-dir=/usr/share/iproute2 --with-iproute-etc-dir=/etc/iproute2
make -j"$JOBS"
make install DESTDIR="$PWD/installed"

mkdir -p "$OUT/usr/bin" "$OUT/usr/share/keepalived"
strip -o "$OUT/usr/bin/keepalived" installed/usr/bin/keepalived
cp keepalived/etc/keepalived/keepalived.conf.sample "$OUT/usr/share/keepalived/"
"$OUT/usr/bin/keepalived" --version 2>&1 | grep -F "Keepalived $VERSION"
