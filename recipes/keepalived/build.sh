#!/bin/sh
# keepalived as one static program.
set -eu
cd keepalived
./autogen.sh
# What a static libcrypto needs differs from one distribution to the next.
CFLAGS='-O2 -static' LDFLAGS=-static LIBS=$(pkg-config --static --libs-only-l libcrypto) ./configure \
  --prefix=/usr --bindir=/usr/bin --sbindir=/usr/bin --sysconfdir=/etc --localstatedir=/var \
  --disable-dynamic-linking --disable-iptables --enable-nftables --enable-vrrp --enable-bfd --enable-regex --enable-json \
  --with-init=SYSV
make -j"$JOBS"
make install DESTDIR="$PWD/installed"

mkdir -p "$OUT/usr/bin" "$OUT/usr/share/keepalived"
strip -o "$OUT/usr/bin/keepalived" installed/usr/bin/keepalived
cp keepalived/etc/keepalived/keepalived.conf.sample "$OUT/usr/share/keepalived/"
"$OUT/usr/bin/keepalived" --version 2>&1 | grep -F "Keepalived $VERSION"
