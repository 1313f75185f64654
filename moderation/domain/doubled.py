"""English words with a double letter, which a stretched letter may have been.

Those that comments hold most, swearwords among them.
"""

from typing import Final

DOUBLED: Final = frozenset(
    """
accept acceptable acceptance accepted accepting access accessible accident accidentally accomplish
accomplished accordance according accordingly account accountable accounts accuracy accurate
accurately accusation accusations accuse accused accusing across actress actually add added
addiction adding addition additional additionally additions address addressed addresses addressing
adds admitted admittedly affairs affect affected affiliated afford afternoon aggressive agree
agreed agreeing agreement agrees all allegation allegations alleged allegedly allen alliance
allies allow allowed allowing allows ann anne announced announcement annoyed annoying annual
apparent apparently appeal appealing appear appearance appearances appeared appearing appears
apple applicable application applied applies apply applying appointed appreciate appreciated
approach appropriate appropriately approval approve approved approximately arrest arrested arrive
arrived arrogance arrogant ass assad assault assembly assert asserted assertion assertions asses
assessed assessment asshat asshats asshole assholes assigned assist assistance associate
associated association assume assumed assuming assumption assumptions assure asswipe attached
attack attacked attacking attacks attempt attempted attempting attempts attend attended attention
attitude attitudes attorney attract attractive attribute attributed attribution automatically
awareness badass ball balls ballsack banned banner banning bannon baseball baseless basically
basketball battle battles beef been beer begging beginning bell better between bigger biggest bill
billion billions bills bitter bizarre bless blood bloody bollocks boo boob boobs book books boot
boots booty boss bossy bottle bottom breed brilliant britannica bubble buddies buddy buffoon
bugger buggers bull bullet bullies bullshit bullshitting bully bullying business businesses butt
buttfuck butthole buttocks button buttons butts call called calling calls cannabis cannibal cannot
canvassing career carefully carried carries carry carrying cartoon cell cells challenge challenged
challenging channel channels cheers cheese cherry chess childhood chill choose chooses choosing
choosy clapped class classes classic classical classification classified clueless coffee
collaboration collaborative collapse collect collection collective college collusion command
comment commentary commented commenting comments commercial commie commies commission commit
committed committee committing common commonly commons commonwealth communicate communication
communications communism communist communists communities community congress congressional connect
connected connection connections continually controlled controlling cook cookie cool coon coons
cooperation cooties correct corrected correcting correction corrections correctly correctness
corrupt corruption countless crappy creep creeps creepy crooked cross crossed crossing cunning
current currently cutting daddy dammit deemed deep deeper deeply degree degrees dennis depression
differ difference differences different differently differing difficult difficulty digging dinner
disagree disagreed disagreeing disagreement disagreements disagrees disappear disappeared
disappointed discuss discussed discusses discussing discussion discussions dismiss dismissed
dollar dollars door dress dropped dropping dumbass dumbasses dummies dummy dunno effect effective
effectively effects efficient effort efforts eggs embarrassing embarrassment employee employees
endless engineering equally erroneous error errors especially essay essential essentially
etiquette eventually excellent excessive express expressed expressing expression facebook
factually faggot faggotry faggots faggy fairness fall falling falls fatass feed feedback feeding
feel feeling feelings feels feet fell fellow fill filled filling finally fitting flagged flood
floor floozie floozy follow followed followers following follows food fool foolish fools foot
football footnote footnotes forbidden forgetting forgotten formally formatted formatting free
freedom freely full fully fundamentally funny fussy gallery gassy gee geek generally getting glass
goddammit goddamn gonna good goodbye goodness goof goofy google gook gooks goon goons gossip gotta
gotten grammar grammatical greece greed greedy greek greeks green greetings gross grossly
guarantee guess guessing gutter hall hammer happen happened happening happens happily happy harass
harassed harassing harassment harris harry hawaii hell hello helluva hidden hill hillary hippie
hippy historically hitting hobby hollywood homeless hood hook hooker hookers hopefully horrible
horror hurricane hurry ill illegal illegally illegals illiterate illness illustrate illustrates
immature immediate immediately immigrant immigrants immigration impossible impressed impression
impressive inaccurate inappropriate incidentally incorrect incorrectly indeed initially inner
innocent intellectual intelligence intelligent intentionally irrational irrelevant irresponsible
issue issued issues jackass jackasses jeff jigaboo jimmy johnny keen keep keeping keeps kelly
kidding kill killed killer killers killing kills kiss kitty knee kook labelled larry latter lee
legally less lesser lesson letter letters letting literally little lobby logged logging look
looked looking looks looney loony loose loss manner manners manually marriage married marry mass
massacre masses massive matt matter matters mccain meaningless meet meeting meetings meets
mentally mess message messages messed messing messy middle miller million millions mindless mirror
miss missed missing mission misunderstood mommy moon moore moot muff muffin muhammad nappy
narcissist narcissistic narrative narrow naturally necessarily necessary need needed needing needs
neighborhood nevertheless newsletter nigga niggas nigger niggers nonetheless normally nutter
nutters nuttier obsessed obsession occasion occasionally occasions occupation occupied occur
occurred occurs odd off offence offend offended offending offense offensive offer offered offering
offers office officer officers offices official officially officials offline omitted oops
opponents opportunity oppose opposed opposing opposite opposition originally ottoman outta overall
paddy parallel partially pass passage passages passed passes passing passive password pattern
patterns peepee peer penny permission permitted personally personnel petty physically pigg pill
pillars piss pissed pissing pissy pizza planned planning pointless politically poll polls
pollution poof poofter pool poop poops poor poorly possibility possible possibly potentially
potter practically preferred press pressing pressure pretty princess proceed process processes
professional professor progress progressive proof pull pulled pulling puppet puppetry puppets
puppy pussies pussy putting putty queen queer raccoon rally really recall recommend recommended
referred referring refugees regardless respectfully rewritten ripper roll rolling rolls room root
roots rotten rubbish running russia russian russians scammer school schools scott scottish screen
screenshot scummy see seeing seek seeking seem seemed seemingly seems seen sees sell selling
session sessions setting settle settled sexually shall shameless sheep sheer shell shitty shoot
shooting shopping silly sissies sissy sitting skills skinned slapper sleep sleeping sloppy slutty
small smaller smartass smell smelly snooty soccer sockpuppet sockpuppetry sockpuppets soon sooner
sorry spamming spanner specifically speech speed speedily speedy spell spelled spelling splitting
spook staff steel still stood stopped stopping street streets stress struggle stubborn stuff
submission submitted substantially succeed success successful successfully suddenly suffer
suffered suffering suffice sufficient sufficiently suggest suggested suggesting suggestion
suggestions suggests summaries summarize summary summer supplied supply support supported
supporter supporters supporting supports suppose supposed supposedly suppress surrounding swallow
sweet systematically tagged tagging tall technically teen teenagers teeth tell telling tells
terrible terribly territories territory terror terrorism terrorist terrorists textbook three till
titties tomorrow too took tool tools totally traffic trannies tranny tree trees trigger troll
trolling trollop trolls troops tweet tweets twitter typically unacceptable understood unhappy
unless unnecessary unwarranted upper useless usually utter utterly valley village villages villain
virtually volunteer volunteers wall wanna wannabe warrant warranted warring warrior wee weed week
weekend weekly weeks weenie weewee well wheel wheelchair wholly whoops will william williams
willing winner winners winning witness wood woods worried worries worry worthless written wwii
yahoo yelling yellow zoo
""".split()  # noqa: SIM905 - a list is longer
)
