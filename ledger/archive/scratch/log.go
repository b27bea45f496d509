package scratch

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
)

// file is what a table needs of one.
type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
}

// thrownAway is a file that is gone when it is closed.
type thrownAway struct{ *os.File }

func create(path string) (file, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	return thrownAway{f}, err
}

func (f thrownAway) Close() error { return errors.Join(f.File.Close(), os.Remove(f.Name())) }

// errDamaged says that the disk gave back other bytes than were written.
var errDamaged = errors.New("the disk gives back other bytes than were written")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const (
	entryHead = 12      // sum, length of key, length of value
	entryMax  = 1 << 20 // bytes of an entry
	tailSize  = 1 << 16
	firstRead = 512 // an entry mostly fits in
)

// log is entries one behind the other, of which the last are in memory.
type log struct {
	file file
	size uint64 // with the tail
	tail []byte // not written yet
	buf  []byte // of read
	span uint64 // bytes of the entry last read
}

// append writes an entry and returns where it stands.
func (l *log) append(key, value []byte) (at uint64, err error) {
	at = l.size
	if entryHead+len(key)+len(value) > entryMax {
		return 0, errors.New("the entry is too large")
	}
	begin := len(l.tail)
	l.tail = binary.LittleEndian.AppendUint32(append(l.tail, 0, 0, 0, 0), uint32(len(key)))
	l.tail = binary.LittleEndian.AppendUint32(l.tail, uint32(len(value)))
	l.tail = append(append(l.tail, key...), value...)
	entry := l.tail[begin:]
	binary.LittleEndian.PutUint32(entry, crc32.Checksum(entry[4:], castagnoli))
	l.size += uint64(len(entry))
	if len(l.tail) < tailSize {
		return at, nil
	}
	_, err = l.file.WriteAt(l.tail, int64(l.written()))
	l.tail = l.tail[:0]
	return at, err
}

func (l *log) written() uint64 { return l.size - uint64(len(l.tail)) }

// read returns the entry at a place, until the next call.
func (l *log) read(at uint64) (key, value []byte, err error) {
	text, err := l.bytes(at, entryHead, firstRead)
	if err != nil {
		return nil, nil, err
	}
	sizes := uint64(binary.LittleEndian.Uint32(text[4:])) + uint64(binary.LittleEndian.Uint32(text[8:]))
	l.span = entryHead + sizes
	if l.span > entryMax {
		return nil, nil, errDamaged
	}
	if uint64(len(text)) < l.span {
		if text, err = l.bytes(at, l.span, l.span); err != nil {
			return nil, nil, err
		}
	}
	text = text[:l.span]
	if binary.LittleEndian.Uint32(text) != crc32.Checksum(text[4:], castagnoli) {
		return nil, nil, errDamaged
	}
	keyEnd := entryHead + binary.LittleEndian.Uint32(text[4:])
	return text[entryHead:keyEnd:keyEnd], text[keyEnd:], nil
}

// bytes returns from least to most bytes at a place.
func (l *log) bytes(at, least, most uint64) ([]byte, error) {
	if at+least > l.size {
		return nil, errDamaged
	}
	if written := l.written(); at >= written {
		return l.tail[at-written:], nil
	}
	most = min(most, l.written()-at)
	if most < least {
		return nil, errDamaged
	}
	if uint64(cap(l.buf)) < most {
		l.buf = make([]byte, most)
	}
	l.buf = l.buf[:most]
	_, err := l.file.ReadAt(l.buf, int64(at))
	if errors.Is(err, io.EOF) {
		err = errDamaged
	}
	return l.buf, err
}
