package ofac_test

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/coalition-ledger/coalition-ledger/domain"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer"
	"github.com/coalition-ledger/coalition-ledger/ledger/importer/ofac"
	"github.com/google/go-cmp/cmp"
)

const end = "\x1a"

// small is a set with a person, a vessel and a company, of nobody.
func small() map[string]string {
	return map[string]string{
		"sdn.csv": `101,"ADLER, Vanta",individual,"NPWMD] [DPRK2",Dr.,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 02 Mar 1960; alt. DOB circa 1961; POB Giza, Egypt; nationality Korea, North; Gender Male; Passport PX123 (Iran) issued 2011 expires 03 Feb 2016; a.k.a. 'THE ""OLD"" ONE'; Linked To: ORE S.A."` + "\r\n" +
			`102,"ORE  LINE 1","vessel","DPRK4",-0- ,"HMAB","General Cargo","2,597","1098","Korea, North","Ore Shipping Co.","Vessel Registration Identification IMO 7303803; MMSI 572469210; Former Vessel Flag Tuvalu; odd words."` + "\r\n" +
			`103,"ORE SHIPPING CO.",-0- ,"CAATSA - RUSSIA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ` + "\r\n" + end,
		"add.csv":          `101,7,"1 Quay Road","Zurich CH-8022","Switzerland",-0- ` + "\r\n" + `101,8,-0- ,"Culiacan, Sinaloa","Mexico",-0- ` + "\r\n" + `103,9,-0- ,-0- ,"Region: Ore",-0- ` + "\r\n" + end,
		"alt.csv":          `103,5,"fka","OLD ORE",-0- ` + "\r\n" + end,
		"sdn_comments.csv": "",
	}
}

func parseSet(files map[string]string) (*importer.List, error) {
	folder := make(fstest.MapFS)
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return ofac.ParseFolder(folder, "sdn.csv")
}

func TestParseCSV(t *testing.T) {
	list, err := parseSet(small())
	if err != nil {
		t.Fatal(err)
	}
	text := func(s, label string, code domain.Country) domain.Text {
		return domain.Text{Text: s, Language: "en", Label: label, Code: code}
	}
	want := []importer.Entry{{
		Ref: "101", List: "DPRK2 NPWMD", Kind: "person", Measures: []string{"asset_freeze"}, Place: "sdn.csv:1",
		Subject: domain.Subject{
			Kind: "person", Gender: "male",
			Names: []domain.Name{
				{Text: "ADLER, Vanta", Kind: "primary", Script: "Latn", Parts: []domain.NamePart{{Part: "last", Text: "ADLER"}, {Part: "first", Text: "Vanta"}}},
				{Text: `THE "OLD" ONE`, Kind: "aka", Script: "Latn", Quality: "low"},
			},
			Identifiers: []domain.Identifier{
				{Scheme: "other", Value: "101", Label: "OFAC number"},
				{Scheme: "passport", Value: "PX123", Label: "Passport", Country: "IR", IssuedOn: "2011", ExpiresOn: "2016-02-03"},
			},
			BirthDates:    []domain.FuzzyDate{{Type: "exact", Date: "1960-03-02"}, {Type: "approximately", Date: "1961"}},
			BirthPlaces:   []domain.Place{{Text: "Giza, Egypt", Country: "EG"}},
			Addresses:     []domain.Place{{Street: "1 Quay Road", Text: "Zurich CH-8022", Country: "CH", CountryText: "Switzerland"}, {City: "Culiacan", Region: "Sinaloa", Country: "MX", CountryText: "Mexico"}},
			Nationalities: []domain.Text{text("Korea, North", "nationality", "KP")},
			Titles:        []domain.Text{text("Dr.", "", "")},
			Remarks:       []domain.Text{text("ORE S.A.", "Linked To", "")},
			Raw: []domain.RawField{
				{Path: "sdn/SDN_Type", Value: "individual"},
				{Path: "sdn/Program", Value: "NPWMD] [DPRK2"},
				{Path: "add[0]/Add_num", Value: "7"},
				{Path: "add[1]/Add_num", Value: "8"},
				{Path: "add[1]/City/State/Province/Postal Code", Value: "Culiacan, Sinaloa"},
				{Path: "sdn/Remarks", Value: `DOB 02 Mar 1960; alt. DOB circa 1961; POB Giza, Egypt; nationality Korea, North; Gender Male; Passport PX123 (Iran) issued 2011 expires 03 Feb 2016; a.k.a. 'THE "OLD" ONE'; Linked To: ORE S.A.`},
			},
		},
	}, {
		Ref: "102", List: "DPRK4", Kind: "vessel", Measures: []string{"asset_freeze"}, Place: "sdn.csv:2",
		Subject: domain.Subject{
			Kind:  "vessel",
			Names: []domain.Name{{Text: "ORE LINE 1", Kind: "primary", Script: "Latn"}},
			Identifiers: []domain.Identifier{
				{Scheme: "other", Value: "102", Label: "OFAC number"},
				{Scheme: "call_sign", Value: "HMAB"},
				{Scheme: "imo", Value: "7303803", Label: "Vessel Registration Identification IMO"},
				{Scheme: "mmsi", Value: "572469210", Label: "MMSI"},
			},
			Flags:   []domain.Text{text("Korea, North", "", "KP"), text("Tuvalu", "Former Vessel Flag", "TV")},
			Remarks: []domain.Text{text("odd words", "", "")},
			Raw: []domain.RawField{
				{Path: "sdn/SDN_Name", Value: "ORE  LINE 1"},
				{Path: "sdn/SDN_Type", Value: "vessel"},
				{Path: "sdn/Program", Value: "DPRK4"},
				{Path: "sdn/Vess_type", Value: "General Cargo"},
				{Path: "sdn/Tonnage", Value: "2,597"},
				{Path: "sdn/GRT", Value: "1098"},
				{Path: "sdn/Vess_owner", Value: "Ore Shipping Co."},
				{Path: "sdn/Remarks", Value: "Vessel Registration Identification IMO 7303803; MMSI 572469210; Former Vessel Flag Tuvalu; odd words."},
			},
		},
	}, {
		Ref: "103", List: "CAATSA-RUSSIA", Kind: "entity", Measures: []string{"asset_freeze"}, Place: "sdn.csv:3",
		Subject: domain.Subject{
			Kind: "entity",
			Names: []domain.Name{
				{Text: "ORE SHIPPING CO.", Kind: "primary", Script: "Latn"},
				{Text: "OLD ORE", Kind: "fka", Script: "Latn", Quality: "good"},
			},
			Identifiers: []domain.Identifier{{Scheme: "other", Value: "103", Label: "OFAC number"}},
			Addresses:   []domain.Place{{CountryText: "Region: Ore"}},
			Raw: []domain.RawField{
				{Path: "sdn/Program", Value: "CAATSA - RUSSIA"},
				{Path: "alt[0]/alt_num", Value: "5"},
				{Path: "add[0]/Add_num", Value: "9"},
			},
		},
	}}
	if diff := cmp.Diff(want, list.Entries); diff != "" {
		t.Errorf("entries differ (-want +got):\n%s", diff)
	}
	if list.File != "sdn.csv add.csv alt.csv sdn_comments.csv" || len(list.Warnings) != 1 {
		t.Errorf("files %q, warnings %q; want the four and one of the end mark", list.File, list.Warnings)
	}
}

// A remark that sdn.csv cuts goes on in the middle of a word.
func TestCommentsContinueRemarks(t *testing.T) {
	files := small()
	head := strings.Repeat("x", 979) + "; a.k.a. 'snow"
	head = strings.Repeat("y", 1000-len(head)) + head
	files["sdn.csv"] = strings.Replace(files["sdn.csv"], "odd words.", "z; "+head, 1)
	if _, err := parseSet(files); err == nil || !strings.Contains(err.Error(), "give sdn_comments.csv") {
		t.Errorf("without the continuation: got %v", err)
	}
	files["sdn_comments.csv"] = `102,"hn'; Linked To: ORE GROUP."` + "\r\n" + end
	list, err := parseSet(files)
	if err != nil {
		t.Fatal(err)
	}
	s := list.Entries[1].Subject
	if name := s.Names[len(s.Names)-1]; name.Text != "snowhn" || s.Remarks[len(s.Remarks)-1].Text != "ORE GROUP" {
		t.Errorf("got name %q and remarks %v", name.Text, s.Remarks)
	}
}

func TestRefusesTheWholeSet(t *testing.T) {
	at := strings.Index(small()["sdn.csv"], "ORE  LINE")
	for name, c := range map[string]struct {
		file, old, new string
		reason         string
		offset         int
	}{
		"latin-1 byte":         {"sdn.csv", "ORE  LINE", "\xe9RE  LINE", "0xE9 is not UTF-8", at},
		"end mark within":      {"sdn.csv", "ORE  LINE", "\x1aRE  LINE", "U+001A", at},
		"two end marks":        {"sdn.csv", end, end + end, "U+001A", -1},
		"cut within a record":  {"sdn.csv", `,"Ore Shipping Co."`, "\x00", "U+0000", -1},
		"cut in an address":    {"add.csv", `"Region: Ore",-0- ` + "\r\n", "", "cut short", -1},
		"quote without end":    {"sdn.csv", `"CAATSA - RUSSIA"`, `"CAATSA - RUSSIA`, "quoted cell has no end", -1},
		"quote in a bare cell": {"sdn.csv", `,individual,`, `,indi"vidual,`, "within a bare cell", -1},
		"words after a quote":  {"sdn.csv", `"vessel",`, `"vessel"x,`, "a comma or the end", -1},
		"cell missing":         {"sdn.csv", `"vessel",`, ``, "11 cells where 12", -1},
		"cell too many":        {"alt.csv", `"fka",`, `"fka","x",`, "6 cells where 5", -1},
		"no number":            {"sdn.csv", "103,", "ent_num,", "where a number is expected", -1},
		"twice":                {"sdn.csv", "103,", "101,", "stands twice, first on line 1", -1},
		"no name":              {"sdn.csv", `"ORE SHIPPING CO."`, "-0- ", "has no name", -1},
		"unknown kind":         {"sdn.csv", `"vessel"`, `"balloon"`, `SDN_Type "balloon"`, -1},
		"address of nobody":    {"add.csv", "101,8", "999,8", "take the files of one day", 0},
		"alias of nobody":      {"alt.csv", "103,", "999,", "take the files of one day", 0},
		"address number twice": {"add.csv", "101,8", "101,7", "stands twice", -1},
		"comment of nobody":    {"sdn_comments.csv", "", `999,"x"` + "\r\n", "take the files of one day", 0},
		"comment to nothing":   {"sdn_comments.csv", "", `103,"x"` + "\r\n", "not there", -2},
		"comment without text": {"sdn_comments.csv", "", "101,-0- \r\n", "continued twice, or by nothing", 0},
		"another list":         {"sdn.csv", "CAATSA - RUSSIA", "NS-PLC", "consolidated list", -1},
		"empty":                {"sdn.csv", small()["sdn.csv"], "", "no record", 0},
	} {
		files := small()
		files[c.file] = strings.Replace(files[c.file], c.old, c.new, 1)
		list, err := parseSet(files)
		var refused *importer.Refused
		if !errors.As(err, &refused) || list != nil {
			t.Errorf("%s: got %v, want a refusal and no list", name, err)
			continue
		}
		if !strings.Contains(err.Error(), c.reason) || refused.File != c.file && c.offset != -2 || c.offset > 0 && refused.Offset != int64(c.offset) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestFolderNeedsTheSet(t *testing.T) {
	files := small()
	delete(files, "sdn_comments.csv")
	if _, err := parseSet(files); err != nil {
		t.Errorf("without comments, which no remark needs: %v", err)
	}
	delete(files, "alt.csv")
	if _, err := parseSet(files); err == nil || !strings.Contains(err.Error(), "alt.csv") {
		t.Errorf("without aliases: got %v", err)
	}
	if _, err := ofac.ParseFolder(make(fstest.MapFS), "list.csv"); err == nil {
		t.Error("a name without sdn was taken")
	}
	if _, err := ofac.ParseCSV(ofac.Set{}); err == nil || !strings.Contains(err.Error(), "four files") {
		t.Errorf("an empty set: got %v", err)
	}
}

func FuzzParseCSV(f *testing.F) {
	s := small()
	f.Add(s["sdn.csv"], s["add.csv"], s["alt.csv"], "101,\"x\"\r\n")
	f.Add("1,\"A \"\"B\"\"\",-0- ,\"X\",,,,,,,,\"DOB 1 to 2; Passport \"\n", "", "", "")
	f.Fuzz(func(t *testing.T, sdn, add, alt, comments string) {
		list, err := parseSet(map[string]string{"sdn.csv": sdn, "add.csv": add, "alt.csv": alt, "sdn_comments.csv": comments})
		if err == nil {
			sound(t, list)
		}
	})
}

// sound holds an accepted list to what every list promises.
func sound(t *testing.T, list *importer.List) {
	t.Helper()
	seen := make(map[string]bool)
	for _, e := range list.Entries {
		if e.Ref == "" || seen[e.Ref] || len(e.Subject.Names) == 0 {
			t.Fatalf("accepted entry %q with %d names", e.Ref, len(e.Subject.Names))
		}
		seen[e.Ref] = true
		event := domain.DesignationAdopted{Designation: "US:1", Regime: "R", Authority: "US", ListRef: e.Ref, Subject: e.Subject, Measures: []string{"asset_freeze"}, AdoptedOn: e.ListedOn, AmendedOn: e.UpdatedOn}
		payload, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		if refusal := shape(payload); refusal != nil && len(payload) < 40<<10 {
			t.Fatalf("entry %s: %v", e.Ref, refusal)
		}
	}
}

// FuzzRemarks holds that dividing remarks never fails, and loses no part.
func FuzzRemarks(f *testing.F) {
	for remarks := range maps.Keys(remarkCases) {
		f.Add(remarks)
	}
	f.Fuzz(func(t *testing.T, remarks string) {
		if strings.ContainsAny(remarks, "\"\x1a") {
			return
		}
		files := small()
		files["sdn.csv"] = strings.Replace(files["sdn.csv"], "odd words.", remarks, 1)
		if list, err := parseSet(files); err == nil {
			sound(t, list)
		}
	})
}
