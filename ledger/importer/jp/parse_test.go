package jp_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/jp"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// workbook builds a workbook with one sheet.
func workbook(t testing.TB, sheet string, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow(sheet, cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const persons = "99.北朝鮮(決議1718号等；個人)"

func heading() []any {
	return []any{"告示日付", "告示番号", "日本語表記", "英語表記", "別称・別名", "役職", "生年月日", "国籍", "旅券番号", "住所", "その他の情報"}
}

func TestParsePerson(t *testing.T) {
	data := workbook(t, persons, []any{"題"}, []any{"（注）#"}, heading(),
		[]any{
			"2017.8.16\r\n2022.8.3改訂\n2023.7.27改訂", "#78", "バンタ・オレル", "VANTA OREL ", "バンタ・オ\nVanta O; OREL, V", "代表者\nRepresentative", 23820, "北朝鮮",
			"654234735（北朝鮮旅券）、旅券発行日：2018年2月14日、旅券失効日：2023年２月14日", "北朝鮮平壌特別市；中華人民共和国香港特別行政区", "出生地：北朝鮮開城市\n性別：男性",
		})
	book, err := jp.Parse(bytes.NewReader(data), "book.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	sheet, ok := book.Find(jp.Basis1718, "person")
	if !ok || len(sheet.Entries) != 1 || len(sheet.Notes) != 2 {
		t.Fatalf("got %+v", book.Sheets)
	}
	e := sheet.Entries[0]
	want := importer.Entry{
		Ref: "1718/person/78", RawRef: "#78", List: "1718", Kind: "person", ListedOn: "2017-08-16", UpdatedOn: []domain.Date{"2022-08-03", "2023-07-27"},
		Place: "book.xlsx:" + persons + "!A4",
		Subject: domain.Subject{
			Kind: "person", Gender: "male",
			Names: []domain.Name{
				{Text: "バンタ・オレル", Kind: "primary", Script: "Jpan", Language: "ja"},
				{Text: "VANTA OREL", Kind: "primary", Script: "Latn", Language: "en"},
				{Text: "バンタ・オ", Kind: "aka", Script: "Jpan", Language: "ja"},
				{Text: "Vanta O", Kind: "aka", Script: "Latn", Language: "en"},
				{Text: "OREL, V", Kind: "aka", Script: "Latn", Language: "en"},
			},
			Identifiers: []domain.Identifier{{
				Scheme: "passport", Value: "654234735", Country: "KP",
				IssuedOn: "2018-02-14", ExpiresOn: "2023-02-14", Label: "旅券番号",
			}},
			BirthDates:    []domain.FuzzyDate{{Type: "exact", Date: "1965-03-19"}},
			BirthPlaces:   []domain.Place{{Text: "北朝鮮開城市", Country: "KP"}},
			Addresses:     []domain.Place{{Text: "北朝鮮平壌特別市", Country: "KP"}, {Text: "中華人民共和国香港特別行政区", Country: "HK"}},
			Nationalities: []domain.Text{{Text: "北朝鮮", Language: "ja", Code: "KP"}},
			Roles:         []domain.Text{{Text: "代表者", Language: "ja", Script: "Hani"}, {Text: "Representative", Language: "en", Script: "Latn"}},
			Remarks:       []domain.Text{{Text: "出生地：北朝鮮開城市\n性別：男性", Language: "ja", Label: "その他の情報"}},
		},
	}
	got := e.Entry
	got.Subject.Raw = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entry differs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]jp.Reference{{Basis: jp.BasisCoordinated}}, e.Cross); diff != "" || e.Number != 78 {
		t.Errorf("number %d, cross references differ:\n%s", e.Number, diff)
	}
	var raw []string
	for _, r := range e.Subject.Raw {
		raw = append(raw, r.Path)
	}
	if got := strings.Join(raw, " "); got != "告示日付 告示番号 英語表記 別称・別名 役職 生年月日 旅券番号 住所" {
		t.Errorf("raw fields: %s", got)
	}
}

func TestNumbersAndHistory(t *testing.T) {
	data := workbook(t, "13.北朝鮮(決議1695号)", heading(),
		[]any{"2006.9.19", "2(*39)", "ア", "A"},
		[]any{"2021.2.24 削除\n（81.と同一人物）", "3", "イ", "B"},
		[]any{"2006.9.19", "4", "ウ", "C", "", "", "", "", "", "", "生年月日：1941年4月27日"})
	book, err := jp.Parse(bytes.NewReader(data), "b")
	if err != nil {
		t.Fatal(err)
	}
	got := book.Sheets[0].Entries
	if diff := cmp.Diff([]jp.Reference{{Basis: jp.Basis1718, Number: 39}}, got[0].Cross); diff != "" {
		t.Errorf("cross references differ:\n%s", diff)
	}
	if got[1].DeletedOn != "2021-02-24" || got[1].ListedOn != "" || len(got[1].Warnings) != 1 {
		t.Errorf("deleted entry: %+v", got[1])
	}
	if got[2].Kind != "person" || got[2].Subject.Kind != "person" || got[2].Subject.BirthDates[0].Date != "1941-04-27" {
		t.Errorf("a person among entities: %+v", got[2])
	}
}

func TestRefusesTheWholeWorkbook(t *testing.T) {
	row := []any{"2017.8.16", "1", "ア", "A"}
	for name, c := range map[string]struct {
		data   []byte
		reason string
	}{
		"not a workbook":  {[]byte("PK\x03\x04 no"), "not a readable xlsx workbook"},
		"no such sheet":   {workbook(t, "1.タリバーン", heading(), row), "no sheet is titled 北朝鮮"},
		"no heading":      {workbook(t, persons, row), "no heading row"},
		"no entry":        {workbook(t, persons, heading()), "has no entry"},
		"unknown basis":   {workbook(t, "北朝鮮", heading(), row), "no known basis"},
		"number twice":    {workbook(t, persons, heading(), row, row), "stands twice"},
		"no date":         {workbook(t, persons, heading(), []any{"soon", "1", "ア", "A"}), "does not begin with a date"},
		"impossible date": {workbook(t, persons, heading(), []any{"2017.13.1", "1", "ア", "A"}), "impossible date"},
		"no number":       {workbook(t, persons, heading(), []any{"2017.8.16", "x", "ア", "A"}), "is not a number"},
		"no name":         {workbook(t, persons, heading(), []any{"2017.8.16", "1"}), "and 0 names"},
	} {
		_, err := jp.Parse(bytes.NewReader(c.data), "b")
		var refused *importer.Refused
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(workbook(f, persons, heading(), []any{"2017.8.16", "1", "ア", "A"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		book, err := jp.Parse(bytes.NewReader(data), "f")
		if err == nil && len(book.Sheets) == 0 {
			t.Fatal("a workbook without sheets was accepted")
		}
	})
}
