package eventlog

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func FuzzAValueIsAnEventOrRefused(f *testing.F) {
	whole := Event{Position: 7, ID: [16]byte{1}, Type: "t", JSON: true, Created: 9, Data: []byte("data"), Meta: []byte("meta")}
	v := make([]byte, whole.size())
	whole.put(v)
	f.Add(v)
	f.Add(v[:header])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, v []byte) {
		var e, again Event
		if e.get(v) != nil {
			return
		}
		out := make([]byte, e.size())
		e.put(out)
		if err := again.get(out); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(e, again, cmpopts.EquateEmpty()); diff != "" || len(out) != len(v) {
			t.Error(diff)
		}
	})
}

func TestRolesAreOneOrMany(t *testing.T) {
	var m Metadata
	err := json.Unmarshal([]byte(`{"$acl":{"$r":"one","$w":["two","three"],"$d":[]},"$tb":9223372036854775807,"own":{"x":1}}`), &m)
	want := ACL{Read: Roles{"one"}, Write: Roles{"two", "three"}, Delete: Roles{}}
	if diff := cmp.Diff(want, m.ACL); diff != "" || err != nil || !m.deleted() {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestAWriteRevivesTheRestOfTheMetadata(t *testing.T) {
	for raw, want := range map[string]string{
		`{"$tb":9223372036854775807,"own":"x"}`: `{"$tb":5,"own":"x"}`,
		`no JSON`:                               `{"$tb":5}`,
		`null`:                                  `{"$tb":5}`,
		``:                                      `{"$tb":5}`,
	} {
		if got := string(Metadata{raw: []byte(raw)}.revived(5)); got != want {
			t.Errorf("%q becomes %s, want %s", raw, got, want)
		}
	}
}

func TestRecentEventsAreBounded(t *testing.T) {
	r := newRecent()
	for i := range uint64(recentEvents + 10) {
		r.add(1, [16]byte{byte(i), byte(i >> 8), byte(i >> 16)}, i)
	}
	if _, ok := r.find(1, [16]byte{5}); ok || len(r.at) != recentEvents {
		t.Errorf("%d events are remembered", len(r.at))
	}
	if at, ok := r.find(1, [16]byte{20}); !ok || at != 20 {
		t.Errorf("event 20 is at %d, %v", at, ok)
	}
}
