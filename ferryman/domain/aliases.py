"""Friendly names for Freight, such as `lucky-jaguar`: easy to say, remember and compare."""

from __future__ import annotations

import re
from hashlib import sha256

from ferryman.domain.errors import InvalidError

_LABEL_VALUE = re.compile(r"[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?")

_ADJECTIVES = """
able active adept agile airy alert amber amused apt artful astute aware azure balanced balmy
beaming beloved blazing blissful blithe bold bonny bouncy brainy brave breezy bright brilliant
brisk bubbly buoyant busy calm candid capable carefree caring charming cheerful cheery chipper
civil classic clean clear clever cloudless comfy coral cordial cosmic cosy courteous creative
crisp crystal curious dapper daring dashing dauntless dazzling dear deft delightful devoted
diligent dreamy dynamic eager earnest easy ebullient elated elegant eloquent emerald eminent
enchanted endearing energetic epic fabled fair faithful famous fancy fast fearless festive fine
fleet flowing fluent fluffy fond forthright fortunate free fresh friendly gallant generous
genial gentle genuine gifted giving glad gleaming gleeful glowing golden good graceful gracious
grand grateful great groovy handy happy hardy harmonic hearty helpful heroic hopeful humble
humorous ideal illustrious inspired intrepid inventive jade jaunty jazzy jolly jovial joyful
joyous jubilant just keen kind kindly knowing laughing leafy lenient lively logical loved lovely
loyal lucid lucky luminous lush magic magical majestic marvellous mellow melodic merry mighty
mindful mirthful modest musical mystic natural neat nimble noble observant opal open optimistic
patient peaceful peachy pearly peppy perky playful pleasant plucky poetic poised polished polite
precious prime proud prudent pure quick quiet quirky radiant rapid ready regal relaxed reliable
resilient robust rosy royal ruby rustic sage sapphire savvy scenic scholarly secure serene sharp
shining silken silver sincere sleek smart smiling smooth snappy snug sociable soft solar
sparkling speedy spirited splendid sprightly spry stalwart starry steadfast steady stellar
sterling sturdy stylish sublime sunlit sunny superb supple sure swift tactful talented tender
thankful thoughtful thrifty tidy timely tireless tranquil trim true trusty upbeat valiant velvet
verdant versatile vibrant vigilant vivid warm welcome whimsical wise witty wondrous worthy young
zany zealous zesty zippy
""".split()  # noqa: SIM905 - three hundred quotation marks would help no reader

_ANIMALS = """
aardvark addax albatross alpaca anchovy anteater antelope armadillo auk avocet axolotl babbler
badger bandicoot barbet barnacle basilisk bat bear beaver bee beetle bilby bison bittern
blackbird bluebird boar bobcat bobolink bongo bonobo budgie buffalo bullfinch bunting bushbaby
bustard butterfly buzzard camel canary capybara caracal caribou cassowary cat caterpillar
catfish chaffinch chameleon chamois cheetah chickadee chinchilla chipmunk cicada civet coati
cockatiel cockatoo cod condor coot coral cormorant cougar coyote crab crane cricket crossbill
crow curlew damselfly deer dingo dipper dolphin donkey dormouse dotterel dove dragonfly duck
dugong dunlin eagle echidna egret eider eland elephant elk emu ermine falcon fawn fennec ferret
finch firefly flamingo flounder flycatcher fox francolin frog fulmar gannet gar gazelle gecko
gerbil gibbon giraffe gnu goat goldcrest goldfinch goldfish goose gopher goshawk grasshopper
grebe greenfinch grouper grouse guanaco guillemot gull guppy haddock halibut hamster hare
harrier hawk hedgehog heron herring hippo honeybee hoopoe hornbill horse hummingbird ibex ibis
iguana impala jackdaw jaguar jay jellyfish jerboa kakapo kangaroo kestrel kingfisher kinkajou
kite kiwi koala koi kookaburra kudu lamb lapwing lark lemming lemur leopard limpet linnet lion
lizard llama lobster loon lorikeet loris lynx macaw magpie mallard manatee manta margay marlin
marmoset marmot marten martin meerkat merganser merlin minnow mongoose moose moth mouse
mudskipper mule muskox narwhal newt nighthawk nightingale nightjar numbat nuthatch ocelot
octopus okapi opossum orangutan orca oriole oryx osprey ostrich otter ouzel owl oyster paca
panda pangolin panther parakeet parrot partridge peacock pelican penguin perch petrel pheasant
pigeon pika pike pintail pipit platypus plover pony porcupine porpoise possum prawn pronghorn
ptarmigan puffin puma python quail quetzal quokka quoll rabbit raccoon ray razorbill redpoll
redshank redstart redwing reindeer rhea rhino roadrunner robin roebuck rook rooster saiga
salamander salmon sandpiper sardine scallop seahorse seal serval sheep shelduck shoveler shrimp
siskin skink skylark sloth snail snipe sparrow spoonbill springbok squid squirrel stag starfish
starling stilt stingray stoat stork sturgeon sunbird swallow swan swift swordfish tahr takin
tamarin tanager tapir tarsier teal tern thrush tiger toad tortoise toucan treefrog trout tuna
turbot turtle urchin vervet vicuna vole wallaby walrus warbler waxwing weaver whale wheatear
whimbrel wigeon wildcat wolf wolverine wombat woodcock woodlark woodpecker wren yak zander zebra
zebu
""".split()  # noqa: SIM905 - as above


def alias(seed: str, attempt: int = 0) -> str:
    """Return an adjective and an animal that depend on nothing but `seed` and `attempt`.

    Aliases are unique within a Project: while one is taken, ask again with the next attempt.
    """
    number = int.from_bytes(sha256(f"{seed}/{attempt}".encode()).digest())
    rest, adjective = divmod(number, len(_ADJECTIVES))
    return f"{_ADJECTIVES[adjective]}-{_ANIMALS[rest % len(_ANIMALS)]}"


def check_alias(name: str, *, field: str) -> None:
    """Raise `InvalidError` unless people may call Freight so: an alias is a label's value, too."""
    if not _LABEL_VALUE.fullmatch(name):
        raise InvalidError(
            f"{name[:70]!r} cannot be an alias; use 1 to 63 of a-z, A-Z, 0-9, '-', '_' and '.', "
            "beginning and ending with a letter or a digit",
            field=field,
        )
