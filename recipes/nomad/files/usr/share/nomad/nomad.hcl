# A server and a client on one host, for trying out. It answers this host only: before binding it to other
# addresses switch on TLS and ACLs.
data_dir  = "/var/lib/nomad"
bind_addr = "127.0.0.1"

# Nomad takes no loopback address for what it tells others, unless it is written down.
advertise {
  http = "127.0.0.1"
  rpc  = "127.0.0.1"
  serf = "127.0.0.1"
}

server {
  enabled          = true
  bootstrap_expect = 1
}

client {
  enabled = true
  servers = ["127.0.0.1"]
}
