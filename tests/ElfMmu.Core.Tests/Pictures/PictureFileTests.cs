using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using ElfMmu.Dumps;
using ElfMmu.Memory;
using ElfMmu.Paging;
using ElfMmu.Pictures;
using ElfMmu.Spaces;
using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Pictures;

/// <summary>The files that pictures are written to.</summary>
public sealed class PictureFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.html")]
    [InlineData("a.svg")]
    public void TheSameMappingsGiveTheSameBytesInAnyCulture(string name)
    {
        byte[] first = Write(name);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            odd.NumberFormat.NumberDecimalSeparator = ",";
            odd.NumberFormat.NumberGroupSeparator = "'";
            odd.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = odd;
            Assert.Equal(first, Write(name));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        byte[] Write(string file)
        {
            Export(PictureCase.Of(PictureCase.Random(3)), file);
            return File.ReadAllBytes(_folder.File(file));
        }
    }

    [Theory]
    [InlineData("a.html")]
    [InlineData("a.svg")]
    public void EveryPictureIsWellFormedAndAsksForNothing(string name)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            PictureSummary summary = Export(PictureCase.Of(PictureCase.Random(seed)), name);
            string text = File.ReadAllText(_folder.File(name));
            XDocument document = XDocument.Parse(text);
            Assert.DoesNotContain(document.Descendants(), e => e.Name.LocalName is "script" or "link" or "image" or "img" or "use" or "foreignObject");
            Assert.DoesNotContain(
                document.Descendants().Attributes(),
                a => a.Name.LocalName is "href" or "src" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
            Assert.DoesNotContain("http", text.Replace("http://www.w3.org/", "").Replace("http-equiv", ""));
            Assert.DoesNotContain("@import", text);
            Assert.DoesNotContain('\r', text);
            Assert.Equal(new FileInfo(_folder.File(name)).Length, (long)summary.Length);

            // Two lanes of different rights have their title in a group around them.
            Assert.Equal(summary.Strokes, PictureReading.Strokes(document).Count());
            Assert.Equal(summary.Stretches - 1, document.Descendants().Count(e => e.Value.EndsWith(" folded", StringComparison.Ordinal) && e.Name.LocalName == "text"));
        }
    }

    [Fact]
    public void PathsAndTitlesOfAnAttackerAreText()
    {
        var picture = new AddressSpacePicture();
        const string Evil = "/evidence/\"><script>alert(1)</script>&\u202e\u0007.elf";
        picture.Add(PictureCase.Map(0x1000, 0x1000), PictureCase.Space(dump: Evil));
        foreach (string name in new[] { "a.html", "a.svg" })
        {
            Export(picture, name, o => o with { Title = "</title><svg onload=alert(2)>" });
            string text = File.ReadAllText(_folder.File(name));
            XDocument document = XDocument.Parse(text);
            Assert.DoesNotContain("<script", text);
            Assert.DoesNotContain("<svg onload", text);
            Assert.DoesNotContain('\u202e', text);
            Assert.Contains(document.Descendants(), e => e.Value.Contains("<svg onload=alert(2)>", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void AStrokeTellsWhatItIs()
    {
        Export(PictureCase.Of([PictureCase.Map(0x40_0000, 0x3000, 0x1234_5000, PictureCase.Rx, PictureCase.Rwx)]), "a.svg");
        string title = PictureReading.Strokes(XDocument.Load(_folder.File("a.svg"))).Single().Title;
        Assert.Equal(
            "0x400000 – 0x402fff, 12 KiB\nuser r-x, supervisor rwx (writable and executable)\npages of 4 KiB, physical 0x12345000\nRAM, WB",
            title);
    }

    [Fact]
    public void AStrokeOfSeveralTellsTheirRights()
    {
        List<Mapping> mappings = [PictureCase.Map(0, 1UL << 30, 0x4000_0000)];
        mappings.AddRange(Enumerable.Range(0, 5).Select(i => PictureCase.Map(
            (1UL << 30) + ((ulong)i * 0x2000), 0x1000, (ulong)(i + 1) << 20, i == 4 ? PictureCase.Rwx : PictureCase.Rw, PictureCase.Rw)));
        PictureSummary summary = Export(PictureCase.Of(mappings), "a.svg");
        Assert.Equal((6, 2, 5), (summary.Mappings, summary.Strokes, summary.Merged));
        XDocument document = XDocument.Load(_folder.File("a.svg"));
        Assert.Equal(
            "0x40000000 – 0x40008fff\n5 mappings of 20 KiB together\nuser rw-, supervisor rw-: 4, 16 KiB\nuser rwx, supervisor rw-: 1, 4 KiB\n"
            + "the first at physical 0x100000",
            PictureReading.Strokes(document).Last().Title);
        Assert.Contains(document.Descendants(), e => e.Value.StartsWith("5 of 6 mappings are too thin", StringComparison.Ordinal));
        Assert.Equal(2, document.Descendants().Count(e => (string?)e.Attribute("class") == "mx"));
        Assert.Equal(2, document.Descendants().Count(e => (string?)e.Attribute("class") == "wx"));
    }

    [Fact]
    public void ThePageListsWhatIsWritableAndExecutable()
    {
        Mapping[] mappings =
        [
            PictureCase.Map(0x1000, 0x1000, 0x8000, PictureCase.Rwx, PictureCase.Rwx),
            PictureCase.Map(0x2000, 0x1000, 0x2000, PictureCase.Rwx, PictureCase.Rwx),
            PictureCase.Map(0x3000, 0x1000, 0x5000, PictureCase.Rx, PictureCase.Rw),
            PictureCase.Map(0x9000, 0x1000, 0x6000, Rights.None, PictureCase.Rwx),
        ];
        Export(PictureCase.Of(mappings), "a.html");
        Assert.Equal(
            ["0x1000 – 0x2fff, 8 KiB, user rwx, supervisor rwx", "0x9000 – 0x9fff, 4 KiB, user ---, supervisor rwx"],
            XDocument.Load(_folder.File("a.html")).Descendants().Where(e => e.Name.LocalName == "li").Select(e => e.Value));
    }

    [Fact]
    public void DumpsOfOneNameAreToldApartByTheirFolders()
    {
        var picture = new AddressSpacePicture();
        foreach (string dump in new[] { "/evidence/monday/a.elf", "/evidence/friday/a.elf" })
        {
            picture.Add(PictureCase.Map(0x1000, 0x1000), PictureCase.Space(dump: dump));
        }

        Export(picture, "a.svg");
        Assert.Equal(
            ["ia32e · monday/a.elf", "ia32e · friday/a.elf"],
            XDocument.Load(_folder.File("a.svg")).Descendants().Where(e => e.Value.StartsWith("ia32e · ", StringComparison.Ordinal)).Select(e => e.Value));
    }

    [Fact]
    public void DevicesAreMarked()
    {
        Export(PictureCase.Of([PictureCase.Map(0x1000, 0x1000, kind: RegionKind.Device)]), "a.svg");
        Assert.Equal(2, XDocument.Load(_folder.File("a.svg")).Descendants().Count(e => (string?)e.Attribute("class") == "dv"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void HundredsOfThousandsOfMappingsStayAPageForABrowser(int columns)
    {
        int each = 300_000 / columns;
        IEnumerable<Mapping>[] spaces = [.. Enumerable.Range(0, columns).Select(c => Enumerable.Range(0, each).Select(i => PictureCase.Map(
            ((ulong)i << 13) + (i % 1000 == 0 ? 0 : (ulong)(i / 3000) << 32), 0x1000, (ulong)(i * 7 % 65536) << 12,
            (i % 5) switch { 0 => PictureCase.Rx, 1 => Rights.Read, 2 => PictureCase.Rwx, _ => PictureCase.Rw })).ToArray())];
        AddressSpacePicture picture = PictureCase.Of(spaces.Select(s => s.DistinctBy(m => m.VirtualAddress)).ToArray());
        Stopwatch clock = Stopwatch.StartNew();
        PictureSummary summary = Export(picture, "a.html");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
        Assert.InRange(summary.Mappings, 290_000, 300_000);
        Assert.InRange(summary.Strokes, 1000, 16_000);
        Assert.InRange(summary.Length, 0UL, 10UL << 20);
    }

    [Fact]
    public void TheNameSaysTheFormatUnlessItIsGiven()
    {
        AddressSpacePicture picture = PictureCase.Of([PictureCase.Map(0x1000, 0x1000)]);
        Assert.Equal(PictureFormat.Html, Export(picture, "a.HTM").Format);
        Assert.Equal(PictureFormat.Svg, Export(picture, "a.svg").Format);
        Assert.Equal(PictureFormat.Svg, Export(picture, "a.html", o => o with { Format = PictureFormat.Svg }).Format);
        Assert.StartsWith("<?xml", File.ReadAllText(_folder.File("a.html")));
        Throws.Error("PictureFormatUnknown", () => Export(picture, "a.png"));
        Assert.False(File.Exists(_folder.File("a.png")));
    }

    [Fact]
    public void ExistingFilesAreReplacedAsCoresAre()
    {
        AddressSpacePicture picture = PictureCase.Of([PictureCase.Map(0x1000, 0x1000)]);
        string path = _folder.Write("a.svg", "old");
        Throws.Error("OutputExists", () => Export(picture, "a.svg", o => o with { NoClobber = true }));
        File.SetAttributes(path, FileAttributes.ReadOnly);
        Throws.Error("OutputReadOnly", () => Export(picture, "a.svg"));
        Throws.Error("MappingConflict", () => Export(
            PictureCase.Of([PictureCase.Map(0, 4096, 0), PictureCase.Map(0, 4096, 4096)]), "a.svg", o => o with { Force = true }));
        Assert.Throws<OperationCanceledException>(
            () => Export(picture, "a.svg", o => o with { Force = true, Cancellation = new CancellationToken(true) }));
        Assert.Equal("old", File.ReadAllText(path));
        Export(picture, "a.svg", o => o with { Force = true });
        Assert.StartsWith("<?xml", File.ReadAllText(path));
        Assert.Equal(["a.svg"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void EvidenceIsNeverReplaced()
    {
        string dump = _folder.Write("dump.svg", "evidence");
        string other = _folder.Write("piece.svg", "evidence");
        string machine = _folder.Write("machine.svg", "evidence");
        var picture = new AddressSpacePicture();
        SpaceIdentity space = PictureCase.Space();
        picture.Add(PictureCase.Map(0x1000, 0x1000), space with { Dump = space.Dump with { Path = dump, MachinePath = machine } });
        foreach (string name in new[] { "dump.svg", "piece.svg", "machine.svg" })
        {
            Throws.Error("OutputIsInput", () => Export(picture, name, o => o with { Inputs = [other], Force = true }));
            Assert.Equal("evidence", File.ReadAllText(_folder.File(name)));
        }
    }

    private PictureSummary Export(AddressSpacePicture picture, string name, Func<PictureOptions, PictureOptions>? change = null)
    {
        var options = new PictureOptions { Path = _folder.File(name) };
        return PictureExporter.Export(picture, change?.Invoke(options) ?? options);
    }
}
