"""One short text in many languages: our own words."""

from __future__ import annotations

TEXTS = {
    "en": "The boat is on the river, and nobody knows where it goes. We have made it from paper, but it can swim. "
    "When the wind comes, it will be far from here. What would you do with it?",
    "fr": "Le bateau est sur la rivière et personne ne sait où il va. Nous l'avons fait avec du papier, mais il peut "
    "nager. Quand le vent viendra, il sera loin d'ici. Que feriez-vous avec lui ?",
    "es": "El barco está en el río y nadie sabe adónde va. Lo hemos hecho con papel, pero puede nadar. Cuando venga el "
    "viento, estará muy lejos de aquí. ¿Qué haría usted con él?",
    "de": "Das Boot ist auf dem Fluss, und niemand weiß, wohin es fährt. Wir haben es aus Papier gemacht, aber es kann "
    "schwimmen. Wenn der Wind kommt, wird es weit von hier sein. Was würdest du mit ihm machen?",
    "pt": "O barco está no rio e ninguém sabe para onde vai. Nós o fizemos com papel, mas ele pode nadar. Quando o "
    "vento vier, ele não estará mais aqui. O que você faria com ele?",
    "it": "La barca è sul fiume e nessuno sa dove va. L'abbiamo fatta con la carta, ma può nuotare. Quando il vento "
    "viene, sarà lontana da qui. Che cosa ne farebbe lei?",
    "nl": "De boot is op de rivier en niemand weet waar hij naartoe gaat. We hebben hem van papier gemaakt, maar hij "
    "kan zwemmen. Als de wind komt, zal hij ver van hier zijn. Wat zou je ermee doen?",
    "sv": "Båten är på floden och ingen vet vart den går. Vi har gjort den av papper, men den kan simma. När vinden "
    "kommer, ska den vara långt härifrån. Vad skulle du göra med den?",
    "pl": "Łódka jest na rzece i nikt nie wie, dokąd płynie. Zrobiliśmy ją z papieru, ale może pływać. Kiedy przyjdzie "
    "wiatr, będzie już daleko stąd. Co byś z nią zrobił?",
    "cs": "Loďka je na řece a nikdo neví, kam pluje. Udělali jsme ji z papíru, ale může plavat. Když přijde vítr, bude "
    "už daleko odsud. Co bys s ní dělal ty?",
    "sk": "Loďka je na rieke a nikto nevie, kam pláva. Urobili sme ju z papiera, ale môže plávať. Keď príde vietor, "
    "bude už ďaleko odtiaľto. Čo by si s ňou urobil ty?",
    "hu": "A hajó a folyón van, és senki sem tudja, hogy hová megy. Papírból csináltuk, de tud úszni. Ha jön a szél, "
    "már nem lesz itt. Mit csinálnál vele, és miért?",
    "ro": "Barca este pe râu și nimeni nu știe unde merge. Am făcut-o din hârtie, dar poate să înoate. Când va veni "
    "vântul, va fi departe de aici. Ce ai face cu ea?",
    "tr": "Tekne nehirde ve kimse onun nereye gittiğini bilmiyor. Biz onu bir kağıttan yaptık ama o çok iyi yüzer. "
    "Rüzgar geldiği zaman buradan daha uzak olacak. Sen bununla ne yapardın?",
    "vi": "Con thuyền ở trên sông và không ai biết nó đi đâu. Chúng tôi đã làm nó bằng giấy, nhưng nó có thể bơi. Khi "
    "gió đến, nó sẽ ở xa đây. Bạn sẽ làm gì với nó?",
    "ru": "Лодка на реке, и никто не знает, куда она плывёт. Мы сделали её из бумаги, но она может плавать. Когда "
    "придёт ветер, её уже не будет здесь. Что бы ты с ней сделал?",
    "uk": "Човен на річці, і ніхто не знає, куди він пливе. Ми зробили його з паперу, але він може плавати. Коли "
    "прийде вітер, його вже не буде тут. Що б ти з ним зробив?",
    "bg": "Лодката е на реката и никой не знае къде отива. Направихме я от хартия, но тя може да плува. Когато дойде "
    "вятърът, вече няма да е тук. Какво би направил ти с нея?",
    "kk": "Қайық өзенде және оның қайда бара жатқанын ешкім білмейді. Біз оны қағаздан жасадық, бірақ ол жүзе алады. "
    "Жел келген кезде ол осы жерде емес, алыс болып кетеді.",
    "mn": "Завь гол дээр байна, тэр хаашаа явж байгааг хэн ч мэдэхгүй. Бид түүнийг цаасаар хийсэн боловч усанд сэлж "
    "чадна. Салхи ирэх үед энэ нь эндээс хол байх болно.",
    "ar": "القارب في النهر ولا أحد يعرف إلى أين يذهب. لقد صنعناه من الورق ولكن هذا القارب يطفو على الماء. عندما تأتي "
    "الريح سيكون بعيدا عن هذا المكان. ما الذي تفعله مع هذا القارب؟",
    "fa": "قایق در رودخانه است و هیچ کس نمی‌داند که به کجا می‌رود. ما آن را از کاغذ ساختیم، اما این قایق شنا می‌کند. "
    "وقتی که باد بیاید، از این جا دور خواهد شد.",
    "ur": "کشتی دریا میں ہے اور کوئی نہیں جانتا کہ یہ کہاں جا رہی ہے۔ ہم نے اسے کاغذ سے بنایا ہے، مگر یہ تیر سکتی "
    "ہے۔ جب ہوا آئے گی تو یہ یہاں سے دور ہو گی۔",
    "hi": "नाव नदी में है और कोई नहीं जानता कि यह कहाँ जा रही है। हमने इसे कागज़ से बनाया है, लेकिन यह तैर सकती है। जब हवा "
    "आएगी तो यह यहाँ से दूर होगी।",
    "ne": "डुङ्गा नदीमा छ र यो कहाँ जान्छ भन्ने कसैलाई थाहा छैन। हामीले यो कागजबाट बनाएका हौं तर यो पौडिन सक्छ। हावा आएपछि यो "
    "यहाँ छैन र टाढा हुने छ।",
    "he": "הסירה על הנהר ואף אחד לא יודע לאן היא הולכת. עשינו אותה מנייר, אבל היא גם יכולה לשחות.",
    "ko": "배는 강에 있고 아무도 그것이 어디로 가는지 모른다. 우리는 종이로 배를 만들었지만 물에 뜬다.",
    "ja": "船は川にあり、どこへ行くのか誰も知らない。私たちは紙でそれを作ったが、水に浮かぶ。",
    "zh": "船在河上，没有人知道它要去哪里。我们用纸做了它，但是它可以浮在水上。",
    "el": "Η βάρκα είναι στο ποτάμι και κανείς δεν ξέρει πού πηγαίνει.",
    "ta": "படகு ஆற்றில் உள்ளது, அது எங்கே போகிறது என்று யாருக்கும் தெரியாது.",
    "ka": "ნავი მდინარეზეა და არავინ იცის, სად მიდის.",
}
