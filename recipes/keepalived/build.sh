#!/bin/sh
# keepalived as one static program.
set -eu
built=$PWD/built
(
  cd iptables
  ./configure --prefix="$built" --enable-static --disable-shared --disable-nftables
  make -C libiptc -j"$JOBS" install
  make -C include install
)
# What looks for libipset does not know that it wants libmnl.
echo "GROUP($(cc -print-file-name=libipset.a) -lmnl)" >"$built/lib/libipset.a"

cd keepalived
./autogen.sh
CFLAGS='-O2 -static' CPPFLAGS="-I$built/include" LDFLAGS="-static -L$built/lib" \
  PKG_CONFIG_PATH="$built/lib/pkgconfig" ./configure \
  --prefix=/usr --bindir=/usr/bin --sbindir=/usr/bin --sysconfdir=/etc --localstatedir=/var \
  --disable-dynamic-linking --enable-nftables --enable-vrrp --enable-bfd --enable-regex --enable-json \
  --with-init=SYSV --with-iproute-usr-dir=/usr/share/iproute2 --with-iproute-etc-dir=/etc/iproute2
make -j"$JOBS"
make install DESTDIR="$PWD/installed"

mkdir -p "$OUT/usr/bin" "$OUT/usr/share/keepalived"
strip -o "$OUT/usr/bin/keepalived" installed/usr/bin/keepalived
cp keepalived/etc/keepalived/keepalived.conf.sample "$OUT/usr/share/keepalived/"
"$OUT/usr/bin/keepalived" --version >version 2>&1
grep -F "Keepalived $VERSION" version
# Its configure script goes on without what it does not find.
grep 'Config options: .* LIBIPSET' version
grep 'System options: .* IPTABLES' version
