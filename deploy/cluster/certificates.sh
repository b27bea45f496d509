#!/bin/sh
# Makes an authority, and a key and certificate for each of three nodes, once.
# A node sees its own key alone; the authority's key stays in a volume of its own.
#
#   certificates.sh [ROOT]    where the volumes are mounted; default /
set -eu
cd "${1:-/}"
umask 077
node_user=${NODE_USER:-1000} # that the server runs as

[ -f authority/ca.crt ] || es-gencert-cli create-ca -out authority
cp authority/ca.crt trust/ca.crt
chmod 0755 trust
chmod 0644 trust/ca.crt
for n in 1 2 3; do
  [ -f node$n/node.crt ] || es-gencert-cli create-node -out node$n \
    -ca-certificate authority/ca.crt -ca-key authority/ca.key \
    -ip-addresses 127.0.0.1,172.30.240.1$n -dns-names localhost,eventstore$n
  mkdir -p node$n/ca
  cp authority/ca.crt node$n/ca/ca.crt
  chown -R "$node_user:$node_user" node$n
  chmod 0750 node$n node$n/ca
  chmod 0640 node$n/node.crt node$n/node.key node$n/ca/ca.crt
done
