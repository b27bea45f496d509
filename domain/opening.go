package domain

// opening is where something was opened last, and where that was ended.
type opening struct{ At, EndedAt uint64 }

func (o opening) stands() bool { return o.At != 0 && o.EndedAt == 0 }

func openAt(t *keyed[string, opening], key string, index uint64) { t.put(key, opening{At: index}) }

func endAt(t *keyed[string, opening], key string, index uint64) {
	o, _ := t.get(key)
	o.EndedAt = index
	t.put(key, o)
}

// unopen takes an opening back, if it is the last of its key.
func unopen(t *keyed[string, opening], key string, index uint64) {
	if o, _ := t.get(key); o.At == index {
		t.put(key, opening{})
	}
}

// unend takes an end back, if it is that of the last opening.
func unend(t *keyed[string, opening], key string, index uint64) {
	if o, _ := t.get(key); o.EndedAt == index {
		o.EndedAt = 0
		t.put(key, o)
	}
}
