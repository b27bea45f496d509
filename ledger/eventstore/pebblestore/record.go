package pebblestore

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"

	"github.com/coalition-ledger/coalition-ledger/ledger/eventstore"
)

// A value is
//
//	CRC-32C of key and everything after this field   4 bytes, big-endian
//	length of everything after this field            4 bytes, big-endian
//	id                                              16 bytes
//	length of type, type                             1 byte, bytes
//	length of data, data                             uvarint, bytes
//	metadata                                         the rest
//
// The key is under the checksum so that a record in the wrong place is found.
const valueHead = 8

const formatKey = "\x00format"

const format = "coalition-ledger/pebblestore/v1"

// prefix is the first byte of the keys of a stream. It is stored: never change
// one.
func prefix(stream string) byte {
	if stream == eventstore.Journal {
		return 1
	}
	return 2
}

func key(stream string, revision uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{prefix(stream)}, revision)
}

// bounds are the least key of a stream and the least key after it.
func bounds(stream string) (lower, upper []byte) {
	return []byte{prefix(stream)}, []byte{prefix(stream) + 1}
}

func encode(key []byte, r eventstore.Record) []byte {
	v := make([]byte, valueHead, valueHead+16+1+len(r.Type)+binary.MaxVarintLen64+len(r.Data)+len(r.Meta))
	v = append(v, r.ID[:]...)
	v = append(v, byte(len(r.Type)))
	v = append(v, r.Type...)
	v = binary.AppendUvarint(v, uint64(len(r.Data)))
	v = append(v, r.Data...)
	v = append(v, r.Meta...)
	binary.BigEndian.PutUint32(v[4:], uint32(len(v)-valueHead))
	binary.BigEndian.PutUint32(v, checksum(key, v))
	return v
}

func checksum(key, value []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	return crc32.Update(crc32.Checksum(key, table), table, value[4:])
}

// decode returns the record without its revision, in memory of its own. On
// damage it returns why.
func decode(key, value []byte) (r eventstore.Record, damage string) {
	if len(value) < valueHead || uint64(len(value)-valueHead) != uint64(binary.BigEndian.Uint32(value[4:])) {
		return r, "its length is wrong"
	}
	if checksum(key, value) != binary.BigEndian.Uint32(value) {
		return r, "its checksum does not match"
	}
	rest := value[valueHead:]
	if len(rest) < 17 || len(rest) < 17+int(rest[16]) {
		return r, "its fields are cut short"
	}
	copy(r.ID[:], rest)
	typeEnd := 17 + int(rest[16])
	r.Type = string(rest[17:typeEnd])
	rest = rest[typeEnd:]
	size, n := binary.Uvarint(rest)
	if n <= 0 || size > uint64(len(rest)-n) {
		return r, "its fields are cut short"
	}
	rest = bytes.Clone(rest[n:])
	r.Data, r.Meta = rest[:size:size], rest[size:]
	return r, ""
}
