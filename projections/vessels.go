package projections

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// What is known of a flag: by whom it is said, and how surely.
const (
	FlagFraudulent = "fraudulent" // a change called fraudulent, an identity found false, or the word false
	FlagVerified   = "verified"   // the flag state's own word, or a change reported as confirmed
	FlagClaimed    = "claimed"    // flown, transmitted or told; nothing more
	FlagListed     = "listed"     // as a list describes the ship
)

// FlagWindow is over how many months changes of flag are counted.
const FlagWindow = 24

const vesselsNotice = "Flags are what somebody says that a ship flies: claimed, verified or fraudulent, each with its source. A count of sightings measures patrols as much as ships. Ships of which no IMO number is known are under without_imo: their flags cannot be followed."

// VesselQuery selects ships by how often they changed flag.
type VesselQuery struct {
	Query
	Page
	MinChanges int
}

// VesselPage is one page of ships, in the order of their IMO numbers.
type VesselPage struct {
	Scope
	Vessels    []Vessel   `json:"vessels"`
	Total      int        `json:"total"`
	Next       string     `json:"next,omitempty"`
	WithoutIMO Unnumbered `json:"without_imo"` // the same on every page, whatever MinChanges asks
	Notice     string     `json:"notice"`
}

// Vessel is one hull: its flags over time, and what was done about it. What is
// illustrative, or told by a state that stands for nobody real, is a row of its own.
type Vessel struct {
	IMO             string   `json:"imo"`
	Illustrative    bool     `json:"illustrative"`
	Name            string   `json:"name"` // the last one told
	Designations    []string `json:"designations"`
	FlagChanges     int      `json:"flag_changes"` // in the FlagWindow months to the day, told by anybody; one change counts once
	Window          int      `json:"window_months"`
	Disputed        int      `json:"disputed"` // of the flags told
	Flags           []Flag   `json:"flags"`    // oldest first
	PortDenials     []Entry  `json:"port_denials"`
	Deregistrations []Entry  `json:"deregistrations"`
	Withdrawals     []Entry  `json:"services_withdrawn"`
	Sightings       []Entry  `json:"sightings"` // observed, inspected, stopped, seen in a transfer; newest first, as the lists above
	SightingsTotal  int      `json:"sightings_total"`
	Events          Events   `json:"events"`
}

// Flag is one statement of a ship's flag: a code, unknown, false or stateless.
type Flag struct {
	Index      uint64          `json:"index"`
	On         domain.Date     `json:"on,omitempty"`
	Flag       string          `json:"flag"`
	Before     string          `json:"before,omitempty"` // of a change
	Basis      string          `json:"basis"`            // fraudulent, verified, claimed, listed
	Type       string          `json:"type"`
	By         domain.AgencyID `json:"by"`
	Confidence string          `json:"confidence,omitempty"`
	Marks      Marks           `json:"marks"`
}

// Vessels returns ships with their flags over time.
func (v *Views) Vessels(q VesselQuery) VesselPage {
	t := v.at(q.Query)
	page := VesselPage{Scope: t.scope(), Vessels: []Vessel{}, WithoutIMO: t.unnumbered(), Notice: vesselsNotice}
	for _, imo := range slices.Sorted(maps.Keys(v.subjects.Bearing)) {
		real, taught := parted(t.bearing(imo), t.invented)
		t.addVessel(&q, &page, imo, imo, real)
		t.addVessel(&q, &page, imo+taughtRow, imo, taught)
	}
	page.Next = q.next(page.Next)
	return page
}

// taughtRow follows the IMO number in the cursor of an illustrative row.
const taughtRow = "|illustrative"

// addVessel adds a row, or counts it where it is on another page.
func (t at) addVessel(q *VesselQuery, page *VesselPage, key, imo string, events []uint64) {
	flags := t.flags(imo, events)
	changes := t.flagChanges(flags)
	if len(events) == 0 || changes < q.MinChanges {
		return
	}
	page.Total++
	switch {
	case q.Cursor != "" && key <= q.Cursor:
	case len(page.Vessels) == q.limit():
		page.Next = page.Vessels[len(page.Vessels)-1].key()
	default:
		row := t.vessel(imo, flags, changes, events)
		row.Illustrative = key != imo
		page.Vessels = append(page.Vessels, row)
	}
}

func (out *Vessel) key() string {
	if out.Illustrative {
		return out.IMO + taughtRow
	}
	return out.IMO
}

// bearing lists the events that stand, had happened and are about a ship.
func (t at) bearing(imo string) []uint64 {
	var out []uint64
	for _, e := range t.known(t.v.subjects.Bearing[imo]) {
		if body := t.v.history.standing(e, t.n); body != nil && t.happened(e) && slices.Contains(imosIn(body), imo) {
			out = append(out, e)
		}
	}
	return out
}

// flags lists what events say of a ship's flag, oldest first.
func (t at) flags(imo string, events []uint64) []Flag {
	out := []Flag{}
	for _, e := range events {
		body := t.v.history.bodyAt(e, t.n)
		rec := &t.v.history.rows[e]
		for _, f := range flagsIn(body, imo) {
			base := body.(domain.Statement).Base()
			f.Index, f.Type, f.By, f.Confidence = e, rec.kind, rec.issuer, base.Confidence
			if f.On = cmp.Or(base.OccurredOn, f.On); !t.by(f.On) {
				continue
			}
			if f.Basis == FlagClaimed && (rec.issuer.Member() == domain.Country(f.Flag) || f.Before != "" && base.Confidence == "confirmed") {
				f.Basis = FlagVerified
			}
			if f.Flag == "false" {
				f.Basis = FlagFraudulent
			}
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Flag) int {
		return cmp.Or(cmp.Compare(lastDay(a.On), lastDay(b.On)), cmp.Compare(a.Index, b.Index))
	})
	return out
}

// flagsIn reads a ship's flag out of an event.
func flagsIn(body domain.Body, imo string) []Flag {
	claimed := func(flag, basis string) []Flag {
		if flag == "" {
			return nil
		}
		return []Flag{{Flag: flag, Basis: basis}}
	}
	switch b := body.(type) {
	case domain.VesselIdentityChanged:
		return changed(b)
	case domain.VesselObserved:
		return claimed(b.FlagClaimed, FlagClaimed)
	case domain.VesselInspected:
		if b.Result == "identity_false" {
			return claimed(b.FlagClaimed, FlagFraudulent)
		}
		return claimed(b.FlagClaimed, FlagClaimed)
	case domain.PortEntryDenied:
		return claimed(b.FlagClaimed, FlagClaimed)
	case *domain.InterdictionExecuted:
		return claimed(b.FlagClaimed, FlagClaimed)
	case domain.ShipToShipTransferReported:
		for _, x := range b.Vessels {
			if slices.Contains(imos(&x.Vessel), imo) {
				return claimed(x.FlagClaimed, FlagClaimed)
			}
		}
	case *domain.DesignationAdopted:
		return listedFlags(b.Subject, cmp.Or(b.AdoptedOn, b.InForceOn))
	}
	return nil
}

// changed is a change of flag; of other changes the flag that went on.
func changed(b domain.VesselIdentityChanged) []Flag {
	switch {
	case b.New.Flag == "":
		return nil
	case b.Fraudulent:
		return []Flag{{Flag: b.New.Flag, Before: b.Old.Flag, Basis: FlagFraudulent}}
	}
	return []Flag{{Flag: b.New.Flag, Before: b.Old.Flag, Basis: FlagClaimed}}
}

func listedFlags(s domain.Subject, on domain.Date) []Flag {
	var out []Flag
	for _, f := range s.Flags {
		out = append(out, Flag{Flag: cmp.Or(string(f.Code), f.Text), Basis: FlagListed, On: on})
	}
	slices.Reverse(out) // a list names the latest first
	return out
}

// flagChanges counts changes in the window that ends on the day asked for;
// without a day, all. Two reports of one change count once.
func (t at) flagChanges(flags []Flag) int {
	from := domain.Date("")
	if t.on != "" {
		from = domain.DateOf(t.on.Time().AddDate(0, -FlagWindow, 0))
	}
	seen := map[string]bool{}
	for _, f := range flags {
		if f.Before != "" && f.Before != f.Flag && (f.On == "" || f.On.Latest() >= from) {
			seen[strings.Join([]string{f.Before, f.Flag, string(f.On)}, "|")] = true
		}
	}
	return len(seen)
}

func (t at) vessel(imo string, flags []Flag, changes int, events []uint64) Vessel {
	out := Vessel{
		IMO: imo, FlagChanges: changes, Window: FlagWindow, Flags: flags, Events: bounded(events), Designations: []string{},
		PortDenials: []Entry{}, Deregistrations: []Entry{}, Withdrawals: []Entry{}, Sightings: []Entry{},
	}
	for i := range out.Flags {
		out.Flags[i].Marks = t.marks(out.Flags[i].Index)
		count(&out.Disputed, out.Flags[i].Marks.Disputed)
	}
	for _, e := range slices.Backward(events) {
		t.shipEvent(&out, e)
	}
	slices.Sort(out.Designations)
	return out
}

func (t at) shipEvent(out *Vessel, e uint64) {
	body := t.v.history.bodyAt(e, t.n)
	out.name(body)
	list := &out.Sightings
	switch b := body.(type) {
	case *domain.DesignationAdopted:
		out.Designations = append(out.Designations, b.Designation)
		return
	case domain.PortEntryDenied:
		list = &out.PortDenials
	case domain.VesselDeregistered:
		list = &out.Deregistrations
	case domain.VesselServiceWithdrawn:
		list = &out.Withdrawals
	case domain.VesselObserved, domain.VesselInspected, domain.ShipToShipTransferReported, *domain.InterdictionExecuted:
		out.SightingsTotal++
	default:
		return
	}
	if len(*list) < MaxEvents {
		*list = append(*list, t.entry(e))
	}
}

// name takes over the newest name that is told; events come newest first.
func (out *Vessel) name(body domain.Body) {
	if out.Name != "" {
		return
	}
	if b, ok := body.(domain.VesselIdentityChanged); ok {
		out.Name = cmp.Or(b.New.Name, b.Old.Name)
		return
	}
	for _, s := range subjectsIn(body) {
		if slices.Contains(imos(s), out.IMO) && len(s.Names) > 0 {
			out.Name = nameOf(s)
			return
		}
	}
}
