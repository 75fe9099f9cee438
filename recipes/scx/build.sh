#!/bin/sh
# The schedulers and tools of the workspace as static programs.
set -eu
cd scx

# With a target named, cargo keeps flags for the programs apart from those for build scripts, which load libclang
# and cannot be static.
target=$(rustc --print host-tuple 2>/dev/null || rustc -vV | sed -n 's/^host: //p')
name=$(echo "$target" | tr 'a-z-' 'A-Z_')
export CARGO_BUILD_TARGET="$target" CARGO_BUILD_JOBS="$JOBS" CARGO_HOME="$PWD/.cargo"
export "CARGO_TARGET_${name}_RUSTFLAGS=-C target-feature=+crt-static -C link-arg=-Wl,-static -L /usr/lib -lz -lzstd -lpthread"
export PKG_CONFIG_ALL_STATIC=1 LIBBPF_SYS_STATIC=1
cargo build --release --locked

mkdir -p "$OUT/usr/bin"
for program in "target/$target/release"/scx*; do
  if [ -f "$program" ] && [ -x "$program" ]; then
    strip -o "$OUT/usr/bin/${program##*/}" "$program"
  fi
done
