package projections

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// DigestEvery is how many facts lie between the digests that a [Runner] keeps.
const DigestEvery = 65_536

// Digest names the value of a view: whoever folds the same facts with the same
// version of the view gets the same Sum.
type Digest struct {
	View    string
	Version int
	Sum     domain.Hash
}

// Digests returns a digest of each view, by name, after [Views.Size] facts. Of
// views that grow with every event only what changed since the last time is
// hashed.
func (v *Views) Digests() ([]Digest, error) {
	out := make([]Digest, 0, len(v.all))
	for i, view := range v.all {
		if v.next[i] != v.Size() {
			return nil, fmt.Errorf("digest of view %s: it has folded %d facts, others %d", view.Name(), v.next[i], v.Size())
		}
		sum, err := digest(view)
		if err != nil {
			return nil, fmt.Errorf("digest of view %s: %w", view.Name(), err)
		}
		out = append(out, Digest{View: view.Name(), Version: view.Version(), Sum: sum})
	}
	slices.SortFunc(out, func(a, b Digest) int { return cmp.Compare(a.View, b.View) })
	return out, nil
}

// digest is the SHA-256 of a view's value in its one form: the line
// "coalition-ledger/view/v1", name and version in a line, then the value as
// JSON with the members of maps in order; for what grows with every event a line
// for each block of rows or events.
func digest(view View) (domain.Hash, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "coalition-ledger/view/v1\n%s %d\n", view.Name(), view.Version())
	err := canonical(sum, view)
	return domain.Hash(sum.Sum(nil)), err
}

// canonical writes what a snapshot keeps of a view. Unlike a snapshot it is the
// same text each time, whether the view was folded or loaded.
func canonical(sum hash.Hash, view View) error {
	switch v := view.(type) {
	case *history:
		return v.canonical(sum)
	case *lists:
		return encode(sum, v.listsIndex)
	case *register:
		return encode(sum, v.Texts)
	case *activity:
		return v.canonical(sum)
	case *timeline:
		return v.canonical(sum)
	case *abroad:
		return encode(sum, v.Asserted)
	case *subjects:
		return v.canonical(sum)
	case *affairs:
		return encode(sum, v.Of)
	case *permits:
		return encode(sum, v.permitsIndex)
	case *cases:
		return encode(sum, v.Answers)
	}
	return fmt.Errorf("no canonical form of %T is known", view)
}

func encode(w io.Writer, value any) error {
	return json.MarshalWrite(w, value, json.Deterministic(true))
}

// Digests returns the digests of all views after size facts: those kept at
// every [DigestEvery]th fact, and those of now. False for any other size.
func (r *Runner) Digests(size uint64) ([]Digest, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if kept, ok := r.digests[size]; ok {
		return kept, true
	}
	if size == 0 || size != r.views.Size() {
		return nil, false
	}
	r.lastMu.Lock() // of many who ask, one computes
	defer r.lastMu.Unlock()
	if r.lastSize == size {
		return r.last, true
	}
	now, err := r.views.Digests()
	if err != nil {
		return nil, false
	}
	r.last, r.lastSize = now, size
	return now, true
}

// keepDigests keeps the digests of now if they are due. Only the goroutine that
// folds calls it, so nothing changes meanwhile, and readers go on reading.
func (r *Runner) keepDigests(size uint64) {
	if size == 0 || size%DigestEvery != 0 {
		return
	}
	r.mu.RLock()
	now, err := r.views.Digests()
	r.mu.RUnlock()
	if err != nil {
		r.cfg.Log.Error("views: digests", "error", err)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.digests[size] = now
}

const digestsFile = "digests"

// keptDigests is the file of digests in the folder of snapshots.
type keptDigests struct {
	Genesis domain.Hash
	At      map[uint64][]Digest
}

func (r *Runner) saveDigests() error {
	text, err := json.Marshal(keptDigests{Genesis: r.views.Genesis(), At: r.digests}, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("encode digests: %w", err)
	}
	return replaceFile(filepath.Join(r.cfg.Dir, digestsFile), text)
}

// loadDigests takes over what was kept of these views; other versions' digests
// and another ledger's are of no use.
func (r *Runner) loadDigests() {
	kept, err := readDigests(r.cfg.Dir)
	if err != nil || kept.Genesis != r.views.Genesis() {
		return
	}
	for size, list := range kept.At {
		if size <= r.views.Size() && r.views.sameVersions(list) {
			r.digests[size] = list
		}
	}
}

func readDigests(dir string) (kept keptDigests, err error) {
	text, err := os.ReadFile(filepath.Join(dir, digestsFile))
	if err == nil {
		err = json.Unmarshal(text, &kept, json.RejectUnknownMembers(true))
	}
	return kept, err
}

// sameVersions reports whether the digests are of these views in their
// versions, and of no other.
func (v *Views) sameVersions(list []Digest) bool {
	for _, view := range v.all {
		if !slices.ContainsFunc(list, func(d Digest) bool { return d.View == view.Name() && d.Version == view.Version() }) {
			return false
		}
	}
	return len(list) == len(v.all)
}
