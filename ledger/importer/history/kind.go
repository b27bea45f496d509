package history

// Kind is what a file does to a designation.
type Kind int

// What a file does. The first seven are entries of the file and add up to it.
const (
	Unchanged Kind = iota
	New
	Substantively // amended in substance
	Cosmetic      // amended in form alone
	Reappeared    // after a gap, amended or not
	Reinstated    // listed again after a removal
	Left          // listed, held as removed, and the file does not show that it came later
	Removed       // the list states its delisting
	Gone          // no longer in the file
	Missing       // not in the file before either
	kinds
)

// Counts is how many designations each [Kind] has.
type Counts [kinds]int

// Entries is the number of entries of the file that stand listed in it.
func (c Counts) Entries() int {
	n := 0
	for k := Unchanged; k <= Left; k++ {
		n += c[k]
	}
	return n
}

// Before is how many stood in the list before the file, as the ledger has it.
func (c Counts) Before() int {
	return c[Unchanged] + c[Substantively] + c[Cosmetic] + c[Left] + c[Gone] + c[Removed]
}
