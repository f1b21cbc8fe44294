// Package line is the link between two nodes under an agreement.
package line
