package sqlite

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // the driver, pure Go, makes itself known

	"github.com/coalition-ledger/coalition-ledger/ledger/exporter"
)

var (
	//go:embed schema.sql
	schema string
	//go:embed indexes.sql
	indexes string
)

// Counts are how many rows were written, by table.
type Counts map[string]int

// Write writes a database into a file that does not exist yet. All of it is
// one transaction, without a journal beside it: a file that was not finished
// is of no use and is the caller's to remove.
func Write(ctx context.Context, path string, s *exporter.Source) (Counts, error) {
	db, err := sql.Open("sqlite", address(path)+"?_pragma=foreign_keys(1)&_pragma=journal_mode(off)&_pragma=synchronous(off)")
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	k := &writer{source: s}
	if err = errors.Join(k.all(ctx, db), db.Close()); err != nil {
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	return k.counts(), nil
}

// address is a file's name as a URI, in which some characters are escaped.
func address(path string) string {
	return "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

type writer struct {
	source *exporter.Source
	tables []*table
	names  int // the last row of names

	events, designations, namesOf, search, identifiers, measures, transpositions, links *table
}

// all fills the tables in one transaction.
func (k *writer) all(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, schema); err != nil {
		return err
	}
	k.open(ctx, tx)
	err = k.rows()
	for _, t := range k.tables {
		err = errors.Join(err, t.end())
	}
	if err != nil {
		return err
	}
	meta := k.table(ctx, tx, "meta", "key", "value")
	for _, row := range k.meta() {
		meta.add(row[0], row[1])
	}
	if err := meta.end(); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, indexes); err != nil {
		return err
	}
	return tx.Commit()
}

func (k *writer) open(ctx context.Context, tx *sql.Tx) {
	marks := []string{"transcribed", "illustrative", "disputed", "contested", "repudiated", "handling"}
	k.events = k.table(ctx, tx, "events", "event", "type", "issuer", "recorded_at", "leaf")
	k.designations = k.table(ctx, tx, "designations", append([]string{
		"id", "regime", "authority", "list_ref", "un_ref", "basis", "kind", "name", "status", "adopted_on", "in_force_on", "removed_on",
		"instrument", "reason", "event",
	}, marks...)...)
	k.namesOf = k.table(ctx, tx, "names", "id", "designation", "text", "kind", "script", "language", "quality", "member", "event")
	k.search = k.table(ctx, tx, "names_fts", "rowid", "text", "pairs")
	k.identifiers = k.table(ctx, tx, "identifiers", "designation", "scheme", "value", "country", "chain", "label", "note", "issued_on", "expires_on")
	k.measures = k.table(ctx, tx, "measures", "designation", "measure")
	k.transpositions = k.table(ctx, tx, "transpositions", append([]string{
		"event", "designation", "member", "national_ref", "instrument", "notice", "notice_on", "effect_on", "lag_days", "measures",
	}, marks...)...)
	k.links = k.table(ctx, tx, "links", "event", "a", "b", "relation", "reasons", "illustrative", "disputed", "contested", "repudiated", "handling")
	k.designations.parents = []*table{k.events}
	for _, t := range []*table{k.namesOf, k.identifiers, k.measures, k.transpositions, k.links} {
		t.parents = []*table{k.designations}
	}
}

// counts are the rows of the tables that hold facts.
func (k *writer) counts() Counts {
	out := Counts{}
	for _, t := range k.tables {
		if t.name != "meta" && t.name != "names_fts" {
			out[t.name] = t.rows
		}
	}
	return out
}

// meta states what the database rests on.
func (k *writer) meta() [][2]string {
	b := k.source.States()
	out := [][2]string{
		{"ledger", b.Ledger},
		{"origin", b.Origin},
		{"genesis", b.Genesis.String()},
		{"index", strconv.FormatUint(b.Index, 10)},
		{"recorded_at", stamp(b.RecordedAt)},
		{"size", strconv.FormatUint(b.Size, 10)},
		{"root", b.Root.String()},
		{"on", string(b.On)},
		{"regime", b.Regime},
		{"authority", string(b.Authority)},
		{"handling", b.Handling},
		{"withheld", strconv.Itoa(b.Withheld)},
	}
	total := 0
	for name, n := range k.counts() {
		out = append(out, [2]string{"rows_" + name, strconv.Itoa(n)})
		total += n
	}
	out = append(out, [2]string{"exported_rows", strconv.Itoa(total)})
	slices.SortFunc(out, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return out
}
