#!/bin/sh
make TARGET=linux-musl
