package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

type regimesCmd struct {
	UN  regimesUNCmd  `cmd:"" name:"un" help:"Drafts of the regimes whose names the Security Council's consolidated list bears."`
	For regimesForCmd `cmd:"" name:"for" help:"Drafts of the regimes that a published file of any list falls under."`
	JP  regimesJPCmd  `cmd:"" name:"jp" help:"A draft of Japan's own regime on the DPRK (sheets 1695 and coordinated)."`
}

// unRegimes are the list types of the consolidated list, each with the
// resolution that set up its measures and those of them that bear on the
// subjects listed. They are drafts: the coalition decides.
const unRegimes = `DPRK|Democratic People's Republic of Korea|1718 (2006)|8|asset_freeze travel_ban port_entry_ban deflag
Al-Qaida|ISIL (Da'esh) and Al-Qaida|2253 (2015)|2|asset_freeze travel_ban arms_embargo
Taliban|Taliban|1988 (2011)|1|asset_freeze travel_ban arms_embargo
Iran|Islamic Republic of Iran|1737 (2006)|12|asset_freeze travel_ban
Iraq|Iraq|1483 (2003)|23|asset_freeze
DRC|Democratic Republic of the Congo|1596 (2005)|13, 15|asset_freeze travel_ban
Libya|Libya|1970 (2011)|15, 17|asset_freeze travel_ban
Somalia|Somalia|1844 (2008)|1, 3|asset_freeze travel_ban arms_embargo
CAR|Central African Republic|2134 (2014)|30, 32|asset_freeze travel_ban
Haiti|Haiti|2653 (2022)|3, 6|asset_freeze travel_ban arms_embargo
Yemen|Yemen|2140 (2014)|11, 15|asset_freeze travel_ban arms_embargo
GB|Guinea-Bissau|2048 (2012)|4|travel_ban
Sudan|Sudan|1591 (2005)|3|asset_freeze travel_ban
SouthSudan|South Sudan|2206 (2015)|9, 12|asset_freeze travel_ban`

// drafting is what drafts of regimes need to know.
type drafting struct {
	Custodian domain.AgencyID  `required:"" placeholder:"CC/NAME" help:"Agency that transcribes the list."`
	Addressee []domain.Country `placeholder:"CC" help:"A state whose implementation is recorded beside the members'; repeat for more."`
	Dir       string           `required:"" placeholder:"DIR" help:"Folder to write drafts to."`
}

type regimesUNCmd struct{ drafting }

// Run writes a draft of each regime; check them before you propose them.
func (c *regimesUNCmd) Run(a *app) error {
	var drafts []domain.RegimeAdopted
	for line := range strings.Lines(unRegimes) {
		f := strings.Split(strings.TrimSpace(line), "|")
		drafts = append(drafts, domain.RegimeAdopted{
			Regime: domain.Regime{
				ID: "UN-" + f[0], Name: f[1], Authority: "UN", Custodian: c.Custodian, Measures: strings.Fields(f[4]), Addressees: c.Addressee,
				Basis: []domain.LegalBasis{{Instrument: "S/RES/" + f[2], Paragraph: f[3]}},
			},
			SourceURL: "https://scsanctions.un.org/resources/xml/en/consolidated.xml",
		})
	}
	return writeDrafts(a, c.Dir, drafts)
}

type regimesJPCmd struct{ drafting }

// Run writes the draft of JP-DPRK.
func (c *regimesJPCmd) Run(a *app) error {
	return writeDrafts(a, c.Dir, []domain.RegimeAdopted{{
		Regime: domain.Regime{
			ID: "JP-DPRK", Name: "Japan's own measures on the Democratic People's Republic of Korea", Authority: "JP", Custodian: c.Custodian,
			Measures: []string{"asset_freeze"}, Addressees: c.Addressee,
			Basis: []domain.LegalBasis{{Instrument: "Foreign Exchange and Foreign Trade Act (Act No. 228 of 1949)", Paragraph: "16, 21"}},
		},
		SourceURL: "https://www.mof.go.jp/policy/international_policy/gaitame_kawase/gaitame/economic_sanctions/list.html",
	}})
}

func writeDrafts(a *app, dir string, drafts []domain.RegimeAdopted) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return &usageError{err}
	}
	var files []string
	for _, d := range drafts {
		payload, err := json.Marshal(d)
		if err != nil {
			return err
		}
		text, err := json.Marshal(domain.Draft{Type: "regime.adopted", Version: 1, Payload: payload}, jsontext.WithIndent("  "))
		if err != nil {
			return err
		}
		path := filepath.Join(dir, d.ID+".json")
		if err := writeNew(path, append(text, '\n'), 0o644); err != nil {
			return err
		}
		files = append(files, path)
	}
	return a.answer(map[string][]string{"drafts": files}, func(w io.Writer) {
		fmt.Fprintf(w, "%d drafts in %s: check them, then propose them\n", len(files), dir)
	})
}
