package projections

import (
	"cmp"
	"slices"

	"github.com/coalition-ledger/coalition-ledger/domain"
)

// fate is what became of a designation by the day asked for.
type fate struct {
	event  uint64      // that gave it its status: a removal, suspension, reinstatement or ruling
	since  domain.Date // from when it has that status
	gone   mark        // its last removal, where it was listed again since
	back   mark        // that listing
	struck []string    // measures that a court took from it
}

// mark is an event and the last day that its date can mean.
type mark struct {
	event uint64
	on    domain.Date
}

// turn finds the last removal, suspension or reinstatement that has come, and
// what it makes of the designation.
func (t at) turn(d *designated) {
	out := &fate{}
	for _, e := range slices.Backward(d.Removed) {
		to, on := t.turned(e)
		if to == "" || !t.by(on) {
			continue
		}
		if out.event == 0 {
			out.event, out.since, d.status, d.fate = e, on, to, out
		}
		if to == StatusListed {
			out.back = mark{e, on}
		}
		if to == StatusRemoved {
			out.gone = mark{e, on}
			break
		}
	}
	if d.status == StatusRemoved {
		d.removed, out.gone = out.event, mark{}
	}
}

// turned says what a turn that stands makes of a designation, and when.
func (t at) turned(e uint64) (status string, on domain.Date) {
	switch b := t.v.history.standing(e, t.n).(type) {
	case *domain.DesignationRemoved:
		return StatusRemoved, removedOn(b)
	case domain.DesignationSuspended:
		return StatusSuspended, cmp.Or(b.SuspendedOn, b.InForceOn)
	case domain.DesignationReinstated:
		return StatusListed, reinstatedOn(b)
	}
	return "", ""
}

// stale reports whether an act gave effect to a listing that was removed
// before the one in force: what is listed again is to be transposed again.
func (d designated) stale(a *act) bool {
	if d.fate == nil || d.fate.gone.event == 0 {
		return false
	}
	gone := d.fate.gone
	day := lastDay(gone.on)
	if gone.on == "" || a.Day == day {
		return a.Event < gone.event
	}
	return a.Day < day
}

// listedFor is the day of the listing that an act answers: the first, or the
// one after a removal.
func (d designated) listedFor(a *act) domain.Date {
	if d.relisted() && !d.stale(a) {
		return d.fate.back.on
	}
	return d.Listed
}

// listedOn is the day of the listing in force.
func (d designated) listedOn() domain.Date {
	if d.relisted() {
		return d.fate.back.on
	}
	return d.Listed
}

func (d designated) relisted() bool {
	return d.fate != nil && d.fate.gone.event != 0 && d.fate.back.on != ""
}

// since is the day from which the designation has its status.
func (d designated) since() domain.Date {
	if d.fate == nil || d.status == StatusPending {
		return d.Listed
	}
	return cmp.Or(d.fate.since, d.Listed)
}
