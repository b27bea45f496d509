package scratch

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"testing"

	"pgregory.net/rapid"
)

func opened(t testing.TB) *Table {
	t.Helper()
	x, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

// A table is the map of what was last put under each key.
func TestTableIsAMap(t *testing.T) {
	dir := t.TempDir()
	large := 0
	rapid.Check(t, func(t *rapid.T) {
		x, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][]byte{}
		keys := rapid.IntRange(1, 200_000).Draw(t, "keys")
		key := func(i int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(i%keys)) }
		seed := rapid.IntRange(1, 1<<20).Draw(t, "seed") | 1
		puts := rapid.IntRange(0, 3000).Draw(t, "puts")
		if large++; large%25 == 0 {
			puts += 2 * pending
		}
		for i := range puts {
			value := bytes.Repeat([]byte{byte(i)}, i*seed%700)
			if err := x.Put(key(i*seed), value); err != nil {
				t.Fatal(err)
			}
			want[string(key(i*seed))] = value
		}
		for i := range min(keys, 2000) {
			have, found, err := x.Get(key(i))
			if w, ok := want[string(key(i))]; err != nil || found != ok || !bytes.Equal(have, w) {
				t.Fatalf("key %d: %x, %t, %v; want %x, %t", i, have, found, err, w, ok)
			}
		}
		n := 0
		for e, err := range x.All() {
			if n++; err != nil || !bytes.Equal(e.Value, want[string(e.Key)]) {
				t.Fatalf("%x is %x, %v", e.Key, e.Value, err)
			}
			if n == 1000 && n < len(want) {
				break // All is slow: it asks for each entry whether it is the last
			}
		}
		if n != min(len(want), 1000) && n != len(want) {
			t.Fatalf("%d entries, want %d", n, len(want))
		}
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Fatalf("closed, it leaves %v, %v", left, err)
		}
	})
}

// Keys whose hashes are equal are told apart, however many: a page that is full
// goes on in the next. A key that is put again takes no more room.
func TestHashesMayBeEqual(t *testing.T) {
	x := opened(t)
	for i := range 5 * pageSlots {
		at, err := x.log.append(fmt.Append(nil, i%(2*pageSlots)), fmt.Append(nil, i))
		if err != nil {
			t.Fatal(err)
		}
		if err := x.index.add([]slot{{hash: ^uint64(0), at: at}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.index.grow(); err != nil {
		t.Fatal(err)
	}
	places, err := x.index.find(^uint64(0), nil)
	if err != nil || len(places) != 2*pageSlots {
		t.Fatalf("%d places, %v", len(places), err)
	}
	for _, at := range places {
		key, value, err := x.log.read(at)
		if err != nil {
			t.Fatal(err)
		}
		k, v := string(key), string(value)
		if k == "7" && v != fmt.Sprint(7+4*pageSlots) || k == fmt.Sprint(2*pageSlots-1) && v != fmt.Sprint(4*pageSlots-1) {
			t.Errorf("key %s is %s", k, v)
		}
	}
}

// One key that is put again and again stays one entry.
func TestOneKeyAgainAndAgain(t *testing.T) {
	x := opened(t)
	for i := range 4 * pending {
		key := []byte("same")
		if i%2 == 0 {
			key = fmt.Append(nil, i)
		}
		if err := x.Put(key, fmt.Append(nil, i)); err != nil {
			t.Fatal(err)
		}
	}
	value, found, err := x.Get([]byte("same"))
	if err != nil || !found || string(value) != fmt.Sprint(4*pending-1) {
		t.Errorf("it is %s, %t, %v", value, found, err)
	}
	if n := x.index.slots + uint64(len(x.slots)); n > 2*pending+2 {
		t.Errorf("%d slots for %d keys", n, 2*pending+1)
	}
}

// fault is a file whose operations fail, or whose bytes change.
type fault struct {
	file
	left *int
	flip bool
}

var errFault = errors.New("no space left on device")

func (f fault) ReadAt(p []byte, at int64) (int, error) {
	if *f.left--; *f.left < 0 && !f.flip {
		return 0, errFault
	}
	n, err := f.file.ReadAt(p, at)
	if *f.left < 0 && n > 0 {
		p[n/2] ^= 4
	}
	return n, err
}

func (f fault) WriteAt(p []byte, at int64) (int, error) {
	if *f.left--; *f.left < 0 && !f.flip {
		return 0, errFault
	}
	return f.file.WriteAt(p, at)
}

// Whatever operation fails, or gives back other bytes, somebody is told, and
// no value is made up.
func TestFaultsAreTold(t *testing.T) {
	dir := t.TempDir()
	for _, flip := range []bool{false, true} {
		for n := 0; ; n = n*3/2 + 1 {
			left := n
			told, err := exercise(t, func(name string) (file, error) {
				f, err := create(dir + "/" + name)
				return fault{f, &left, flip}, err
			})
			if err != nil {
				t.Fatalf("flip %t after %d: %v", flip, n, err)
			}
			if left >= 0 {
				break
			}
			if !told && !flip {
				t.Fatalf("an error after %d operations was not told", n)
			}
		}
	}
}

// exercise fills a table and reads it. An error of the table is told; another
// value than was put is an error of the test.
func exercise(t *testing.T, make func(string) (file, error)) (told bool, err error) {
	t.Helper()
	x, err := open(make)
	if err != nil {
		return true, nil
	}
	defer x.Close()
	key := func(i int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(i)) }
	for i := range 2*pending + 10 {
		if x.Put(key(i), key(i*i)) != nil {
			return true, nil
		}
	}
	for i := 0; i < 2*pending+10; i += 97 {
		value, found, err := x.Get(key(i))
		if err != nil {
			return true, nil
		}
		if !found || !bytes.Equal(value, key(i*i)) {
			return false, fmt.Errorf("key %d is %x, %t", i, value, found)
		}
	}
	return false, nil
}

// FuzzDamage changes the files at a place: what is read then is what was put,
// or an error.
func FuzzDamage(f *testing.F) {
	f.Add(uint32(5), byte(1), false)
	f.Add(uint32(4), byte(0xff), true)
	f.Fuzz(func(t *testing.T, at uint32, with byte, inIndex bool) {
		x := opened(t)
		const n = 2000
		for i := range n {
			if err := x.Put(fmt.Append(nil, i), bytes.Repeat([]byte{byte(i)}, 80)); err != nil {
				t.Fatal(err)
			}
		}
		if err := x.index.add(x.slots); err != nil {
			t.Fatal(err)
		}
		x.slots, x.recent = nil, map[uint64]int{}
		x.index.load = false
		target := x.log.file
		if inIndex {
			target = x.index.file
		}
		if _, err := target.WriteAt([]byte{with}, int64(at%(n*90))); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			value, found, err := x.Get(fmt.Append(nil, i))
			if err == nil && (!found || !bytes.Equal(value, bytes.Repeat([]byte{byte(i)}, 80))) {
				t.Fatalf("key %d: %x, %t", i, value, found)
			}
		}
	})
}

func BenchmarkTable(b *testing.B) {
	x := opened(b)
	value := make([]byte, 130)
	for i := 0; b.Loop(); i++ {
		key := binary.BigEndian.AppendUint64(nil, uint64(i)*0x9e3779b97f4a7c15)
		if _, found, err := x.Get(key); found || err != nil {
			b.Fatal(found, err)
		}
		if err := x.Put(key, value); err != nil {
			b.Fatal(err)
		}
	}
}
