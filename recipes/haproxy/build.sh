#!/bin/sh
# HAProxy as one static program.
set -eu
cd haproxy
# Alpine names the library lua5.4/liblua.a, Debian liblua5.4.a.
lua=$(find /usr/lib -path '*/lua5.4/liblua.a' -o -name liblua5.4.a)
# OpenSSL 3.5 brought an interface for QUIC, which HAProxy uses since 3.2.
case $VERSION in
3.0.* | 3.1.*) own_quic=1 ;;
*) own_quic= ;;
esac
make -j"$JOBS" \
  TARGET=linux-musl USE_THREAD=1 USE_PTHREAD_EMULATION=1 \
  USE_OPENSSL=1 USE_QUIC=1 USE_QUIC_OPENSSL_COMPAT=$own_quic USE_PCRE2=1 USE_PCRE2_JIT=1 USE_ZLIB=1 USE_PROMEX=1 \
  USE_LUA=1 LUA_LIB_NAME=lua5.4 LUA_INC=/usr/include/lua5.4 LUA_LDFLAGS="$lua" \
  USE_TFO=1 USE_NS=1 USE_GETADDRINFO=1 USE_LINUX_TPROXY=1 USE_LINUX_SPLICE=1 USE_LINUX_CAP=1 USE_PRCTL=1 \
  CFLAGS='-O2 -static' LDFLAGS='-static -lc -ldl' THREAD_LDFLAGS=-lpthread

mkdir -p "$OUT/usr/bin"
strip -o "$OUT/usr/bin/haproxy" haproxy
"$OUT/usr/bin/haproxy" -v | grep -F "HAProxy version $VERSION"
