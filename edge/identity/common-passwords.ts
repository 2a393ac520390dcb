/**
 * The passwords of eight signs and more that head every list of leaked ones, in lower case. What merely repeats or
 * counts is refused by rule, and is not listed.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
    01234567 012345678 0123456789 0987654321 1111111111 11223344 112233445566 121212121 123123123 123321123 12341234
    123454321 123456123 12345678 123456789 1234567890 123456789a 12345678a 1234567a 1234567q 123456abc 123456qwerty
    1234abcd 1234qwer 123qweasd 12qwaszx 13131313 1357924680 147258369 1a2b3c4d 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y
    1qaz2wsx 1qaz2wsx3edc 2468013579 321321321 87654321 987654321 9876543210 a12345678 a123456789 a1b2c3d4 a1s2d3f4
    aa123456 aa12345678 abc12345 abc123456 abcd1234 abcdefgh access14 admin123 admin1234 administrator alexander
    alpine123 amanda123 andrew123 anthony1 arsenal1 asd12345 asdf1234 asdfghjkl ashley123 asshole1 autumn2025
    azerty123 azertyuiop barcelona baseball baseball1 batman123 benjamin bigdaddy blessed1 blink182 bullshit
    buster123 butterfly cameron1 changeme changeme1 changeme123 charlie1 charlotte chelsea1 chocolate computer
    contrase contrasena contraseña cookie123 corvette cowboys1 daniel123 december default1 dolphins dragon123
    dragonball dropbox1 eagles123 elizabeth emby1234 eminem123 facebook february football football1 fortnite1
    fuckyou1 fuckyou123 fuckyou2 gabriela gandalf1 ginger123 golfer12 goodluck google123 guest123 hallo123 harley123
    haslo123 hello123 hello1234 hellokitty helloworld homeserver hunter12 hunter123 iamadmin ichliebedich ilovegod
    iloveyou iloveyou1 iloveyou2 internet isabella1 january1 jellyfin jellyfin1 jennifer jessica1 jesus123
    jesuschrist jordan123 jordan23 joshua123 juventus killer123 lakers24 letmein1 letmein123 letmein2 letmeinnow
    linkedin liverpool liverpool1 lkjhgfdsa lovelove loveyou1 manchester marlboro master123 matthew1 mediacenter
    mediaserver mercedes metallica michael1 michael123 michelle midnight minecraft mnbvcxz1 monday123 monkey123
    motdepasse mustang1 mylove123 myspace1 mysql123 naruto123 netflix1 netflix123 nicole12 nirvana1 nokia123
    november october1 opensesame oracle123 p@ssw0rd p@ssword pa55word packers1 panther1 parola123 passport passw0rd
    password password1 password12 password123 password1234 passwort passwort1 passwort123 pepper123 phoenix1
    plexplex poiuytrewq pokemon1 pokemon123 postgres princess princess1 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 qazwsx123
    qazwsxedc qwe12345 qwe123qwe qwer1234 qwerasdf qwerty12 qwerty123 qwerty1234 qwerty12345 qwertyui qwertyuiop
    qwertz123 qwertzuiop ranger123 rangers1 raspberry raspberry1 raspberrypi realmadrid richard1 robert123 root1234
    rootroot rush2112 salasana samantha samsung1 schatz123 scooter1 scorpion secret123 secretpassword senha123
    senha1234 september shadow123 slipknot snoopy12 spiderman spotify1 spring2025 spring2026 startrek starwars
    steelers strawberry summer2023 summer2024 summer2025 summer2026 sunshine sunshine1 superman superman1 sweetheart
    synology teamo123 teamomucho temp1234 temppass test1234 testing123 testtest thomas123 thunder1 tigger123
    toor1234 trustno1 ubuntu123 user1234 victoria wachtwoord wachtwoord1 welcome1 welcome12 welcome123 whatever
    william1 winter2024 winter2025 winter2026 yankees1 youtube1 zaq12wsx zxcv1234 zxcvbnm1 zxcvbnm123
  `
    .trim()
    .split(/\s+/),
);
