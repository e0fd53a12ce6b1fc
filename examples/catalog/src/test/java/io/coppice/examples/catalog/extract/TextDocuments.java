package io.coppice.examples.catalog.extract;

import static io.coppice.examples.catalog.extract.DocumentsGenerator.utf8;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Plain text in several languages and encodings. */
final class TextDocuments {
    static final String ENGLISH =
            """
            To coppice a tree is to cut it back to its root, from which it grows again. Foresters have
            done so for thousands of years: the stump keeps what it has stored, and in the spring it
            sends up new shoots that are stronger than the old ones were. Nothing that matters is lost
            with the stems, because everything that matters is in the ground.

            Hazel is cut every seven to ten years, oak every twenty or thirty. The poles were used for
            fences, for tool handles and for the walls of houses, and what was left over went to the
            charcoal burners. Because the wood was never cut all at once, there was always some part of
            it where the light reached the ground, and there the primroses and the anemones flowered.

            A coppiced tree can live much longer than one that has been left alone. There are stools of
            ash and lime that are more than a thousand years old, although none of their stems has ever
            been older than a man. It is a strange kind of immortality, but it has worked very well: the
            part that is exposed to the weather is expected to fall, and the part that must not be lost
            is kept where nothing can reach it.
            """;

    static final String GERMAN =
            """
            Der Niederwald ist eine alte Form der Waldwirtschaft. Die Bäume werden in kurzen Abständen
            auf den Stock gesetzt und treiben danach aus dem Wurzelstock wieder aus. Früher gewann man
            so das Holz für die Öfen und die Rinde für die Gerbereien, und über die Jahre entstand eine
            Landschaft, in der viele seltene Vögel und Schmetterlinge zu Hause sind.

            Die Hasel wird alle sieben bis zehn Jahre geschnitten, die Eiche alle zwanzig oder dreißig.
            Aus den Stangen machte man Zäune, Stiele für Werkzeuge und die Wände der Häuser, und was
            übrig blieb, bekamen die Köhler. Weil der Wald niemals auf einmal geschlagen wurde, gab es
            immer eine Stelle, an der das Licht bis auf den Boden fiel, und dort blühten die Blumen.

            Ein Baum, der auf den Stock gesetzt wird, kann viel älter werden als einer, den man in Ruhe
            lässt. Es gibt Stöcke von Eschen und Linden, die mehr als tausend Jahre alt sind, obwohl
            keiner ihrer Stämme jemals älter war als ein Mensch. Das ist eine seltsame Art von
            Unsterblichkeit, aber sie hat sich bewährt: Was dem Wetter ausgesetzt ist, darf fallen, und
            was nicht verloren gehen darf, liegt dort, wo ihm nichts geschehen kann.
            """;

    static final String FRENCH =
            """
            Le taillis est un peuplement forestier issu de rejets de souche. Après la coupe, les arbres
            repoussent à partir de la souche restée en terre, et la forêt se renouvelle sans qu'il soit
            nécessaire de la replanter. Cette méthode très ancienne fournissait le bois de chauffage
            des villages, et elle est encore pratiquée dans de nombreuses régions.

            Le noisetier est coupé tous les sept à dix ans, le chêne tous les vingt ou trente ans. Les
            perches servaient à faire des clôtures, des manches d'outils et les murs des maisons, et ce
            qui restait allait aux charbonniers. Comme la forêt n'était jamais coupée en une seule fois,
            il y avait toujours un endroit où la lumière arrivait jusqu'au sol et où poussaient les
            fleurs du printemps.

            Un arbre que l'on recèpe peut vivre beaucoup plus longtemps qu'un arbre que l'on laisse en
            paix. Il existe des souches de frêne et de tilleul qui ont plus de mille ans, bien qu'aucune
            de leurs tiges n'ait jamais été plus vieille qu'un homme. C'est une étrange forme
            d'immortalité, mais elle a fait ses preuves : ce qui est exposé aux intempéries peut tomber,
            et ce qui ne doit pas être perdu se trouve là où rien ne peut l'atteindre.
            """;

    static final String SPANISH =
            """
            El monte bajo es un bosque que se regenera a partir de los brotes de las cepas. Después de
            la corta, los árboles vuelven a crecer desde la raíz y no hace falta plantarlos de nuevo.
            Durante muchos siglos los pueblos obtuvieron de esta manera la leña y el carbón que
            necesitaban para el invierno, y todavía hoy se practica en algunas comarcas.

            El avellano se corta cada siete o diez años, el roble cada veinte o treinta. Las varas se
            usaban para hacer cercas, mangos de herramientas y las paredes de las casas, y lo que
            sobraba era para los carboneros. Como el bosque nunca se cortaba de una sola vez, siempre
            había un lugar donde la luz llegaba hasta el suelo, y allí crecían las flores de la
            primavera.

            Un árbol que se corta de esta manera puede vivir mucho más tiempo que uno que se deja en
            paz. Hay cepas de fresno y de tilo que tienen más de mil años, aunque ninguno de sus tallos
            ha sido nunca más viejo que un hombre. Es una extraña forma de inmortalidad, pero ha dado
            buenos resultados: lo que está expuesto al tiempo puede caer, y lo que no se debe perder
            está donde nada lo puede alcanzar.
            """;

    private TextDocuments() {}

    static void addTo(Map<String, byte[]> documents) {
        documents.put("text/coppicing.txt", utf8(ENGLISH));
        documents.put("text/Bäume auf den Stock gesetzt.txt", utf8(GERMAN));
        documents.put("text/le taillis.txt", utf8(FRENCH));
        documents.put("text/español.txt", utf8(SPANISH));
        documents.put("text/latin-1.txt", GERMAN.getBytes(StandardCharsets.ISO_8859_1));
        documents.put("text/utf-16.txt", ("\ufeff" + ENGLISH).getBytes(StandardCharsets.UTF_16LE));
        documents.put("text/short.txt", utf8("Too short to tell.\n"));
        documents.put("text/empty.txt", new byte[0]);
        documents.put("text/notes.md", utf8("# Notes\n\n- one *thing*\n- another\n\n" + ENGLISH));
        documents.put(
                "text/measurements.csv",
                utf8("tree,height_m,year\noak,21.5,2024\nhazel,6.0,2025\n\"ash, old\",18.2,2025\n"));
    }
}
