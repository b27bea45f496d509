package esdb

// Under makes the store use streams of its own on a server that others use too.
func (s *Store) Under(prefix string) { s.prefix = prefix }
