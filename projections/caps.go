package projections

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
	"strconv"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

const capsNotice = "Notified, alleged and disputed amounts are different people's words: they stand side by side and are never added. An amount under an open dispute stands apart in its band. Barrels are those of the report, or as it converted them; what nobody converted is listed in its own unit and is in no sum. Illustrative amounts stand in rows of their own. A cap is what an obligation of the regime states as its limit: an illustrative one holds for illustrative amounts alone."

// CapQuery selects caps.
type CapQuery struct {
	Query
	Regime  string
	Product string // refined, crude
}

// CapPage holds petroleum reported against caps, by regime, product and period.
type CapPage struct {
	Scope
	Caps   []CapRow `json:"caps"`
	Notice string   `json:"notice"`
}

// CapRow is one product in one period: a calendar year, or where a report spans
// more than one, its own period, to which no cap is held. What is illustrative
// is never added to what is not: it stands in rows of its own.
type CapRow struct {
	Regime       string    `json:"regime"` // "" where no report says
	Product      string    `json:"product"`
	Period       string    `json:"period"`
	Illustrative bool      `json:"illustrative"`          // invented for teaching, or of a code that stands for nobody real
	Cap          *Cap      `json:"cap,omitempty"`         // that shares are of
	NoCap        string    `json:"no_cap,omitempty"`      // why Cap is absent, and which event records one
	StatedCaps   []Cap     `json:"stated_caps,omitempty"` // all of this time, where obligations state several
	Bands        []CapBand `json:"bands"`                 // notified, alleged, disputed; those with reports
}

// CapBand is what one kind of word says. Shares are of the cap, in percent.
type CapBand struct {
	Band            string            `json:"band"`
	Barrels         string            `json:"bbl"` // not under an open dispute
	Share           string            `json:"share_percent,omitempty"`
	DisputedBarrels string            `json:"disputed_bbl"` // said in this band, and disputed
	DisputedShare   string            `json:"disputed_share_percent,omitempty"`
	Reports         int               `json:"reports"`
	Disputed        int               `json:"disputed"`
	Transcribed     int               `json:"transcribed"`
	Illustrative    int               `json:"illustrative"`
	Text            string            `json:"text"`
	Unconverted     []domain.Quantity `json:"unconverted"` // by unit
	Suppliers       []CapSupplier     `json:"suppliers"`
	Conversions     []Converted       `json:"conversions"` // the first MaxEvents
	Events          Events            `json:"events"`
}

// CapSupplier is one state's part of a band.
type CapSupplier struct {
	Supplier        domain.Country `json:"supplier"`
	Barrels         string         `json:"bbl"`
	DisputedBarrels string         `json:"disputed_bbl"`
	Explanations    []Remark       `json:"explanations"` // by the state, of these reports
}

// Converted is how one report came to barrels.
type Converted struct {
	Index    uint64          `json:"index"`
	Supplier domain.Country  `json:"supplier"`
	Quantity domain.Quantity `json:"quantity"`
	Barrels  string          `json:"bbl"`
	Factor   string          `json:"factor,omitempty"` // absent: none was applied
	Source   string          `json:"source"`           // the event's own words, where it has some
	Disputed bool            `json:"disputed"`
}

// Caps returns petroleum reported against caps.
func (v *Views) Caps(q CapQuery) CapPage {
	f := v.frame(q.Query)
	page := CapPage{Scope: f.scope(), Caps: []CapRow{}, Notice: capsNotice}
	rows := map[capKey]map[string][]uint64{}
	for _, e := range f.known(v.history.kinds["petroleum_transfer.reported"]) {
		b, ok := f.petroleum(e)
		key := f.keyOf(b)
		if !ok || q.Regime != "" && key.regime != q.Regime || q.Product != "" && key.product != q.Product {
			continue
		}
		if rows[key] == nil {
			rows[key] = map[string][]uint64{}
		}
		rows[key][b.Status] = append(rows[key][b.Status], e)
	}
	keys := slices.SortedFunc(maps.Keys(rows), func(a, b capKey) int {
		return cmp.Or(cmp.Compare(a.regime, b.regime), cmp.Compare(a.product, b.product), cmp.Compare(a.period, b.period), realFirst(a.illustrative, b.illustrative))
	})
	for _, key := range keys {
		page.Caps = append(page.Caps, f.capRow(key, rows[key]))
	}
	return page
}

// capKey is what a row is about.
type capKey struct {
	regime, product, period string
	illustrative            bool
}

// petroleum returns a report that stands, had happened by the day and, where it
// is a notification, was notified by then. Nothing illustrative is said of a real
// state.
func (t at) petroleum(e uint64) (domain.PetroleumTransferReported, bool) {
	b, ok := t.v.history.standing(e, t.n).(domain.PetroleumTransferReported)
	return b, ok && t.happened(e) && t.notifiedBy(b) && (!b.Illustrative || b.Supplier.UserAssigned())
}

// notifiedBy leaves out what was notified only after the day.
func (t at) notifiedBy(b domain.PetroleumTransferReported) bool {
	return b.Status != "notified" || t.by(b.NotifiedOn)
}

func (f *frame) keyOf(b domain.PetroleumTransferReported) capKey {
	key := capKey{b.Regime, b.Product, yearOf(b.Period), invented(b, b.Supplier)}
	for _, id := range b.Designations {
		if num, ok := f.v.lists.byID[id]; ok && key.regime == "" {
			if d, ok := f.designation(num); ok {
				key.regime = f.regimeID(d)
			}
		}
	}
	return key
}

// yearOf is the year that a period lies in, else the period itself.
func yearOf(p domain.Period) string {
	from, to := string(p.From), string(p.To)
	if len(from) >= 4 && len(to) >= 4 && from[:4] == to[:4] {
		return from[:4]
	}
	return from + "/" + to
}

func (f *frame) capRow(key capKey, bands map[string][]uint64) CapRow {
	row := CapRow{Regime: key.regime, Product: key.product, Period: key.period, Illustrative: key.illustrative, Bands: []CapBand{}}
	f.holdCap(&row)
	for _, band := range []string{"notified", "alleged", "disputed"} {
		if events := bands[band]; len(events) > 0 {
			row.Bands = append(row.Bands, f.capBand(band, events, row.Cap))
		}
	}
	return row
}

// holdCap finds the cap that barrels are held to, or says why there is none.
func (f *frame) holdCap(row *CapRow) {
	if len(row.Period) != len("2018") {
		row.NoCap = "no cap is held to a period that no calendar year holds"
		return
	}
	caps := f.limits(row.Regime, row.Product, domain.Date(row.Period), row.Illustrative)
	if row.Cap = agreed(caps, "bbl"); row.Cap == nil {
		row.NoCap = noCap(row.Regime, row.Product, "bbl", caps)
	}
	if row.Cap == nil || len(caps) > 1 {
		row.StatedCaps = caps
	}
}

// bblSum is a sum of barrels, with what is disputed apart.
type bblSum struct{ sum, disputed *big.Rat }

func newBblSum() *bblSum { return &bblSum{new(big.Rat), new(big.Rat)} }

func (b *bblSum) add(amount string, disputed bool) {
	to := b.sum
	if disputed {
		to = b.disputed
	}
	to.Add(to, rat(amount))
}

func (f *frame) capBand(band string, events []uint64, limit *Cap) CapBand {
	y := f.tally(events)
	out := CapBand{
		Band: band, Reports: len(events), Disputed: y.flags.disputed, Transcribed: y.flags.transcribed, Illustrative: y.flags.illustrative,
		Unconverted: []domain.Quantity{}, Suppliers: []CapSupplier{}, Conversions: []Converted{}, Events: bounded(events),
	}
	all, by, left := newBblSum(), map[domain.Country]*bblSum{}, map[string]*big.Rat{}
	for _, e := range events {
		b, _ := f.petroleum(e)
		c, ok := converted(e, b, f.flagsOf(e).disputed)
		if !ok {
			add(left, b.Quantity.Unit, b.Quantity.Amount)
			continue
		}
		if by[b.Supplier] == nil {
			by[b.Supplier] = newBblSum()
		}
		all.add(c.Barrels, c.Disputed)
		by[b.Supplier].add(c.Barrels, c.Disputed)
		if len(out.Conversions) < MaxEvents {
			out.Conversions = append(out.Conversions, c)
		}
	}
	out.Barrels, out.DisputedBarrels = decimal(all.sum), decimal(all.disputed)
	out.Text = y.words(out.Barrels + " bbl in " + plural(len(events), "report"))
	if limit != nil {
		out.Share, out.DisputedShare = percent(all.sum, rat(limit.Amount)), percent(all.disputed, rat(limit.Amount))
	}
	for _, unit := range slices.Sorted(maps.Keys(left)) {
		out.Unconverted = append(out.Unconverted, domain.Quantity{Amount: decimal(left[unit]), Unit: unit})
	}
	for _, c := range slices.Sorted(maps.Keys(by)) {
		out.Suppliers = append(out.Suppliers, CapSupplier{
			Supplier: c, Barrels: decimal(by[c].sum), DisputedBarrels: decimal(by[c].disputed), Explanations: f.ownWords(c, events),
		})
	}
	return out
}

// ownWords are a state's explanations of some events.
func (t at) ownWords(c domain.Country, events []uint64) []Remark {
	out := []Remark{}
	for _, r := range t.explained(c) {
		if r.Target != nil && slices.Contains(events, *r.Target) {
			out = append(out, r)
		}
	}
	return out
}

func converted(e uint64, b domain.PetroleumTransferReported, disputed bool) (Converted, bool) {
	out := Converted{Index: e, Supplier: b.Supplier, Quantity: b.Quantity, Disputed: disputed}
	switch c := b.Converted; {
	case c != nil:
		out.Barrels, out.Factor, out.Source = c.Barrels, c.Factor, c.Source
		if b.Quantity.Unit == "bbl" && rat(c.Factor).Cmp(big.NewRat(1, 1)) == 0 {
			out.Factor = "" // none was applied
		}
	case b.Quantity.Unit == "bbl":
		out.Barrels, out.Source = b.Quantity.Amount, "stated in barrels"
	default:
		return out, false
	}
	return out, true
}

func add(sums map[string]*big.Rat, key, amount string) {
	if sums[key] == nil {
		sums[key] = new(big.Rat)
	}
	sums[key].Add(sums[key], rat(amount))
}

// percent is part of whole, to one place.
func percent(part, whole *big.Rat) string {
	if whole.Sign() == 0 {
		return ""
	}
	share := new(big.Rat).Quo(part, whole)
	return share.Mul(share, big.NewRat(100, 1)).FloatString(1)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
