using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ElfMmu.Dumps;
using ElfMmu.Paging;
using ElfMmu.Pictures;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Pictures;

/// <summary>Pictures of a real dump, in a real browser: what it shows, what it prints, and what it made of the markup.</summary>
public sealed class BrowserTests : IDisposable
{
    private static readonly string Sample = Path.Combine(TestData.Folder, "..", "..", "samples", "linux-x64-tiny.elf.gz");
    private static readonly ulong[] Roots = [0x904000, 0x942000, 0x958000, 0x96e000];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ToolTheory("browser")]
    [InlineData(1)]
    [InlineData(4)]
    public void EveryStrokeHasTheColourOfItsRights(int roots)
    {
        string path = Draw("a.svg", Roots[..roots]);
        XDocument document = XDocument.Load(path);
        int width = (int)document.Root!.Attribute("width")!;
        int height = (int)document.Root!.Attribute("height")!;
        Png shown = Browser.Screenshot(path, width, height);
        Assert.True(shown.Width >= width && shown.Height >= height, $"{shown.Width} × {shown.Height}");
        var rectangles = PictureReading.Rectangles(document).ToArray();
        Assert.True(rectangles.Length > 200);
        Assert.Equal([4, 5, 6, 7], rectangles.Select(r => r.Rights).Distinct().Order());
        foreach ((int rights, int x, int y, int wide, int high) in rectangles)
        {
            // Most of it: hatching, words and notches take the rest.
            int most = Pixels(shown, x, y, wide, high).CountBy(c => c).MaxBy(c => c.Value).Key;
            Assert.True(Color(rights) == most, $"{rights} at {x},{y} {wide} × {high} is #{most:x6}");
        }
    }

    [ToolFact("browser")]
    public void WhereNothingIsMappedNothingIsColoured()
    {
        string path = Draw("a.svg", Roots[..1]);
        XDocument document = XDocument.Load(path);
        Png shown = Browser.Screenshot(path, (int)document.Root!.Attribute("width")!, (int)document.Root!.Attribute("height")!);
        var rectangles = PictureReading.Rectangles(document).ToArray();
        int left = rectangles.Min(r => r.X);
        int right = rectangles.Max(r => r.X + r.Width);
        HashSet<int> colors = [.. Enumerable.Range(1, 7).Select(Color)];
        int top = rectangles.Min(r => r.Y);
        int bottom = rectangles.Max(r => r.Y + r.Height);
        bool[,] covered = new bool[right, bottom];
        foreach ((_, int x, int y, int wide, int high) in rectangles)
        {
            for (int i = 0; i < wide * high; i++)
            {
                covered[x + (i % wide), y + (i / wide)] = true;
            }
        }

        int empty = 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                empty += covered[x, y] ? 0 : 1;
                Assert.False(!covered[x, y] && colors.Contains(shown[x, y]), $"{x},{y} is #{shown[x, y]:x6}");
            }
        }

        Assert.True(empty > 1000);
    }

    [ToolFact("browser")]
    public void ThePageShowsWhatThePictureShows()
    {
        Png page = Browser.Screenshot(Draw("a.html", Roots[..1]), 900, 4500);
        string svg = Draw("a.svg", Roots[..1]);
        XDocument document = XDocument.Load(svg);
        Png picture = Browser.Screenshot(svg, (int)document.Root!.Attribute("width")!, (int)document.Root!.Attribute("height")!);
        Dictionary<int, int> onPage = Pixels(page, 0, 0, page.Width, page.Height).CountBy(c => c).ToDictionary();
        Dictionary<int, int> inPicture = Pixels(picture, 0, 0, picture.Width, picture.Height).CountBy(c => c).ToDictionary();
        foreach (int color in new[] { 4, 5, 6, 7 }.Select(Color))
        {
            // Hatching begins elsewhere in each row of the page, and smoothed letters have colours of their own.
            Assert.InRange(onPage[color], inPicture[color] * 0.9, inPicture[color] * 1.1);
        }
    }

    [ToolFact("browser")]
    public void ThePagePrintsOnAFewPages()
    {
        string pdf = Browser.Print(Draw("a.html", Roots));
        Assert.StartsWith("%PDF-", pdf);
        Assert.InRange(Regex.Count(pdf, @"/Type\s*/Page\b(?!s)"), 2, 12);
    }

    [ToolFact("browser")]
    public void TheBrowserUnderstandsAllOfIt()
    {
        string path = Draw("a.html", Roots);
        XDocument written = XDocument.Load(path);
        string understood = Browser.Dom(path);
        foreach (string element in new[] { "rect", "title", "text", "path", "svg", "tr", "li", "p" })
        {
            Assert.Equal(
                written.Descendants().Count(e => e.Name.LocalName == element), Regex.Count(understood, $"<{element}[ >]"));
        }
    }

    [ToolFact("browser")]
    public void HundredsOfThousandsOfMappingsOpen()
    {
        var picture = new AddressSpacePicture();
        for (int i = 0; i < 300_000; i++)
        {
            picture.Add(
                PictureCase.Map(((ulong)i << 13) + ((ulong)(i / 2500) << 40), 0x1000, (ulong)i << 12, i % 2 == 0 ? PictureCase.Rx : PictureCase.Rw),
                PictureCase.Space());
        }

        string path = _folder.File("many.html");
        PictureExporter.Export(picture, new PictureOptions { Path = path });
        Png shown = Browser.Screenshot(path, 900, 3000);
        Assert.True(Pixels(shown, 0, 0, 900, 3000).Count(c => c == Color(5) || c == Color(6)) > 100_000);
    }

    private static IEnumerable<int> Pixels(Png picture, int x, int y, int width, int height)
    {
        for (int i = 0; i < width * height; i++)
        {
            yield return picture[x + (i % width), y + (i / width)];
        }
    }

    private static int Color(int rights) =>
        int.Parse(PictureStyle.Colors[rights].AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private string Draw(string name, ulong[] roots)
    {
        using MemoryDump dump = MemoryDump.Open(Sample);
        var picture = new AddressSpacePicture();
        foreach (ulong root in roots)
        {
            AddressSpace space = dump.Space(root);
            var sink = new PictureSink(picture, space.Identity);
            space.Walk(space.NewWalk(), ref sink);
        }

        string path = _folder.File(name);
        PictureSummary summary = PictureExporter.Export(picture, new PictureOptions { Path = path });
        Assert.Equal(roots.Length, summary.Spaces);
        return path;
    }
}
