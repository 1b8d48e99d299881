// Go's own order: golang.org/x/mod/semver. OSV leaves out the v.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/semver"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		pair := strings.SplitN(lines.Text(), "\t", 2)
		for at := range pair {
			if !strings.HasPrefix(pair[at], "v") {
				pair[at] = "v" + pair[at]
			}
		}
		if !semver.IsValid(pair[0]) {
			fmt.Println("!1")
		} else if !semver.IsValid(pair[1]) {
			fmt.Println("!2")
		} else {
			fmt.Println(string("<=>"[semver.Compare(pair[0], pair[1])+1]))
		}
	}
}
