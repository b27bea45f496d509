package main
type postCmd struct{}
type importCmd struct{}
type linkCmd struct{}
const jpRegime="JP-DPRK"
