package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

const batch = 64 // rows in one statement

// table takes rows and inserts them in batches, after those of the tables that
// they refer to: a row that came before what it refers to would cost a search
// of all others. Its first error stays.
type table struct {
	name    string
	columns []string
	parents []*table
	held    []any
	rows    int
	err     error
	stmts   map[int]*sql.Stmt // by number of rows
	prepare func(query string) (*sql.Stmt, error)
	run     func(s *sql.Stmt, args []any) error
}

func (k *writer) table(ctx context.Context, tx *sql.Tx, name string, columns ...string) *table {
	t := &table{
		name: name, columns: columns, held: make([]any, 0, batch*len(columns)), stmts: map[int]*sql.Stmt{},
		prepare: func(query string) (*sql.Stmt, error) { return tx.PrepareContext(ctx, query) },
		run: func(s *sql.Stmt, args []any) error {
			_, err := s.ExecContext(ctx, args...)
			return err
		},
	}
	k.tables = append(k.tables, t)
	return t
}

func (t *table) insert(rows int) string {
	one := "(?" + strings.Repeat(",?", len(t.columns)-1) + ")"
	return "INSERT INTO " + t.name + " (" + strings.Join(t.columns, ",") + ") VALUES " + one + strings.Repeat(","+one, rows-1)
}

// add takes a row.
func (t *table) add(values ...any) {
	if t.err != nil {
		return
	}
	if len(values) != len(t.columns) {
		t.err = fmt.Errorf("a row of %s has %d values for %d columns: this program is at fault", t.name, len(values), len(t.columns))
		return
	}
	t.held = append(t.held, values...)
	if t.rows++; len(t.held) == batch*len(t.columns) {
		t.flush()
	}
}

// flush inserts what is held.
func (t *table) flush() {
	for _, p := range t.parents {
		if p.flush(); t.err == nil {
			t.err = p.err
		}
	}
	rows := len(t.held) / len(t.columns)
	if t.err != nil || rows == 0 {
		return
	}
	stmt, ok := t.stmts[rows]
	if !ok {
		if stmt, t.err = t.prepare(t.insert(rows)); t.err != nil {
			return
		}
		t.stmts[rows] = stmt
	}
	t.err = t.run(stmt, t.held)
	t.held = t.held[:0]
}

// end inserts what is held and lets go of what was prepared.
func (t *table) end() error {
	t.flush()
	for _, stmt := range t.stmts {
		t.err = errors.Join(t.err, stmt.Close())
	}
	if t.err != nil {
		return fmt.Errorf("table %s: %w", t.name, t.err)
	}
	return nil
}
