package voice_test

import (
	"fmt"
	"time"

	"parley/geo4d"
	"parley/notice"
	"parley/voice"
)

func survey() notice.Notice {
	return notice.Notice{ID: "blue-7", Version: 1, Kind: notice.Flight, Volumes: []geo4d.Volume{{
		Shape: geo4d.Circle{Center: geo4d.Position{LatDeg: 35.41, LonDeg: 35.95}, RadiusM: 9260},
		Band: geo4d.Band{
			Lower: &geo4d.Altitude{Value: 1500, Unit: geo4d.Feet, Reference: geo4d.AMSL},
			Upper: &geo4d.Altitude{Value: 240, Unit: geo4d.FlightLevel, Reference: geo4d.FL},
		},
		Window: geo4d.Window{Start: time.Date(2027, 1, 15, 18, 0, 0, 0, time.UTC), End: time.Date(2027, 1, 15, 19, 30, 0, 0, time.UTC)},
	}}}
}

func ExampleNoticePage() {
	p := voice.NoticePage(survey(), voice.Heading{Caller: "blue", Officer: "duty officer", SecondChannel: "+15550100"}, nil)
	fmt.Print(p.Text())
	// Output:
	// NOTICE BY VOICE
	// --------------------------------------------------------------------------------
	// who calls      blue                                         EPB  Echo Papa Bravo
	// kind           flight, air, crewed                      RFT  Romeo Foxtrot Tango
	// notice         blue-7                                 XWW  X-ray Whiskey Whiskey
	//                say Bravo Lima Uniform Echo dash seven
	// version        1                                        VWP  Victor Whiskey Papa
	// keep clear of  a circle                                   FPZ  Foxtrot Papa Zulu
	// position 1     35 degrees 24.600 minutes NORTH            WPL  Whiskey Papa Lima
	//                035 degrees 57.000 minutes EAST
	//                say tree fife, too fower decimal six zero zero, NORTH
	//                say zero tree fife, fife seven decimal zero zero zero, EAST
	// radius         9260 metres, that is 5 nautical miles   DUQ  Delta Uniform Quebec
	//                say niner too six zero metres
	// lower          1500 feet above mean sea level          URV  Uniform Romeo Victor
	//                say wun fife zero zero feet above mean sea level
	// upper          flight level 240                            MMY  Mike Mike Yankee
	//                say flight level too fower zero
	// from           day 15, time 1800 ZULU, JANUARY 2027        SLG  Sierra Lima Golf
	//                say day wun fife, time wun ait zero zero ZULU
	// until          day 15, time 1930 ZULU, JANUARY 2027    GCJ  Golf Charlie Juliett
	//                say day wun fife, time wun niner tree zero ZULU
	// who speaks     duty officer                           NPF  November Papa Foxtrot
	// second channel +15550100                                 FRL  Foxtrot Romeo Lima
	//                say plus wun fife fife fife zero wun zero zero
	// page           the whole page                     EHNK  Echo Hotel November Kilo
	// --------------------------------------------------------------------------------
	// Say each field, then its check group in spelling words. The other officer writes
	// both down and enters them; where a group does not fit, say that field again.
	// 0 zero 1 wun 2 too 3 tree 4 fower 5 fife 6 six 7 seven 8 ait 9 niner . decimal
}

// The other officer writes down what he hears and enters it. One digit of the position is wrong.
func ExampleParseReadBack() {
	_, err := voice.ParseReadBack("position 1: 35 24.6 N 035 51.0 E, check Whiskey Papa Lima", time.Now())
	fmt.Println(err)
	// Output:
	// position 1 "35 24.6 N 035 51.0 E": check group WPL says not what you read: a digit, a letter or a hemisphere differs; ask for position 1 and its check group again
}

// What an officer plots on his own map has no check groups: it is compared with what was told.
func ExampleCompare() {
	now := time.Date(2027, 1, 14, 6, 0, 0, 0, time.UTC)
	said, err := voice.ParseReadBack(`
		centre: 35 29.6 N, 35 57 E
		radius: 5 NM
		lower: 1500 ft AMSL
		upper: FL240
		from: day 15, 1800 Z
		until: day 15, 1930 Z`, now)
	if err != nil {
		fmt.Println(err)
		return
	}
	result := voice.Compare(survey(), said, voice.DefaultTolerances(), nil)
	fmt.Println("same:", result.Same)
	for _, d := range result.Differences {
		fmt.Println(d.Text)
	}
	// Output:
	// same: false
	// position 1: told 35 24.600 N 035 57.000 E; read back 35 29.600 N 035 57.000 E; 9246 m north of what was told
}
