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
export PKG_CONFIG_ALL_STATIC=1
# Not what only developers of schedulers run; names that a version has not got are passed over.
cargo build --release --locked --workspace \
  --exclude scx_arena_selftests --exclude scx_characterize --exclude scx_forge_agent --exclude vmlinux_docify --exclude xtask

mkdir -p "$OUT/usr/bin"
for program in "target/$target/release"/scx*; do
  if [ -f "$program" ] && [ -x "$program" ]; then
    strip -o "$OUT/usr/bin/${program##*/}" "$program"
    if readelf --dynamic "$program" | grep NEEDED; then
      echo "$program: expected a static program, got one that needs what is named above" >&2
      exit 1
    fi
  fi
done
