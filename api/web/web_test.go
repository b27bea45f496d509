package web_test

import (
	"bytes"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/api/web"
)

const nasty = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`

// fill writes markup into every text of a value, and one element into each list.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(nasty)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint64:
		v.SetUint(1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i))
			}
		}
	}
}

// Whatever text a page shows, markup in it stays text: no value opens an element,
// ends an attribute or becomes an address.
func TestPagesEscapeEveryValue(t *testing.T) {
	index, err := web.ParseIndex()
	if err != nil {
		t.Fatal(err)
	}
	report, err := web.ParseReport()
	if err != nil {
		t.Fatal(err)
	}
	var i web.Index
	var r web.Report
	fill(reflect.ValueOf(&i).Elem())
	fill(reflect.ValueOf(&r).Elem())
	for name, page := range map[string]struct {
		write func(io.Writer) error
		told  int // values shown at least
	}{
		"index":  {func(w io.Writer) error { return index.Write(w, i) }, 4},
		"report": {func(w io.Writer) error { return report.Write(w, r) }, 30},
	} {
		var text bytes.Buffer
		if err := page.write(&text); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"<script", "<img", `"">`, "=x onerror=alert(1)>"} {
			if strings.Contains(text.String(), bad) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
		if n := strings.Count(text.String(), "&lt;script&gt;alert(1)&lt;/script&gt;"); n < page.told {
			t.Errorf("%s tells %d values as text, want at least %d", name, n, page.told)
		}
	}
}
