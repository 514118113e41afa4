using System.Globalization;
using System.Xml.Linq;

namespace ElfMmu.Tests.Pictures;

/// <summary>Finds the strokes in a picture's markup again.</summary>
internal static class PictureReading
{
    private const string Svg = "{http://www.w3.org/2000/svg}";

    /// <summary>The strokes with what they tell.</summary>
    public static IEnumerable<(XElement Element, string Title)> Strokes(XDocument document) => document.Descendants()
        .Where(e => e.Element(Svg + "title") != null && Lanes(e).Any())
        .Select(e => (e, e.Element(Svg + "title")!.Value));

    /// <summary>The coloured rectangles of all strokes, in the coordinates of the document.</summary>
    public static IEnumerable<(int Rights, int X, int Y, int Width, int Height)> Rectangles(XDocument document) =>
        Strokes(document).SelectMany(s => Lanes(s.Element)).Select(r =>
        {
            int[] shift = [.. r.Ancestors().Select(a => (string?)a.Attribute("transform")).OfType<string>().Single()
                ["translate(".Length..^1].Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
            return (((string)r.Attribute("class")!)[1] - '0', (int)r.Attribute("x")! + shift[0], (int)r.Attribute("y")! + shift[1],
                (int)r.Attribute("width")!, (int)r.Attribute("height")!);
        });

    private static IEnumerable<XElement> Lanes(XElement element) => element.Name == Svg + "rect"
        ? IsLane(element) ? [element] : []
        : element.Name == Svg + "g" ? element.Elements(Svg + "rect").Where(IsLane) : [];

    private static bool IsLane(XElement rectangle) => (string?)rectangle.Attribute("class") is ['r', >= '0' and <= '7'];
}
