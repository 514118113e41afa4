using System.Globalization;

namespace ElfMmu.Discovery;

/// <summary>How sure it is that a region is a hash table, and why.</summary>
internal sealed class PowerPcHashJudgement
{
    /// <summary>From how many bits of evidence in the hash on nothing else has to be asked.</summary>
    public const double ConvincingHashBits = 32;

    // There are at most 2^16 places and ten sizes, and most of them are ruled out at once: what the hash says by chance somewhere.
    private const double ChanceBits = 12;

    // What evidence of so many bits leaves of the doubt is 1/e: 20 pages in RAM, which is what a tiny guest has, reach 0.7.
    private const double DoubtBits = 16;

    // Of a table without a check in the hash, and of one with a handful of entries, nothing makes sure.
    private const double MostWithoutHash = 0.8;
    private const double MostWithFew = 0.4;
    private const double Most = 0.99;
    private const int Few = 8;

    // A page for every so many entries is enough.
    private const double FrameWeight = 5;

    private readonly PowerPcHashRegion _region;
    private readonly PowerPcHashContent _content;
    private readonly int _known;
    private readonly bool _isInferredBase;

    /// <summary>Judges a region.</summary>
    /// <param name="region">The region.</param>
    /// <param name="content">What its entries say.</param>
    /// <param name="isKnown">Whether there is RAM or a device at a physical address, as far as known.</param>
    /// <param name="isInferredBase">
    /// Whether where RAM is was concluded from the entries, which then prove nothing by pointing there.
    /// </param>
    public PowerPcHashJudgement(
        PowerPcHashRegion region, PowerPcHashContent content, Func<ulong, bool> isKnown, bool isInferredBase = false)
    {
        _region = region;
        _content = content;
        _known = content.Frames.Count(f => isKnown((ulong)f << PowerPcPteFormat.PageShift));
        _isInferredBase = isInferredBase;
    }

    /// <summary>How many bits of evidence the places of the entries are: each different first word is a check of its own.</summary>
    public double HashBits => (double)_region.Bits * _content.AgreeingNames;

    /// <summary>The part of the pages that are where RAM or a device is known to be.</summary>
    public double KnownPart => _content.Frames.Length == 0 ? 0 : (double)_known / _content.Frames.Length;

    /// <summary>From 0 to 1.</summary>
    public double Score
    {
        get
        {
            double evidence = Math.Max(0, HashBits - ChanceBits) + (_isInferredBase ? 0 : _known);
            double most = _region.Valid < Few ? MostWithFew : _region.Bits == 0 ? MostWithoutHash : Most;
            return Math.Min(most, (1 - Math.Exp(-evidence / DoubtBits)) * _region.Soundness * Likeness);
        }
    }

    /// <summary>
    /// What tables are like: several pages of each segment, most of them in RAM, and hardly one page more than a few times. The more
    /// the hash proves, the less it counts.
    /// </summary>
    private double Likeness
    {
        get
        {
            double like = Unit((Part(_region.Valid, _content.Vsids) - 1.5) / 2.5)
                * Unit((KnownPart - 0.25) / 0.5)
                * Unit(FrameWeight * Part(_content.Frames.Length, _region.Valid));
            double proved = Unit(HashBits / ConvincingHashBits);
            return proved + ((1 - proved) * like);
        }
    }

    /// <summary>To how many different pages a region must lead at least to reach a score, whatever else it has.</summary>
    public static double FewestFrames(PowerPcHashRegion region, double score) =>
        region.Bits == 0 ? score * region.Valid / FrameWeight : 0;

    /// <summary>What speaks for it.</summary>
    public IEnumerable<string> Reasons()
    {
        int wrong = _region.Valid - _region.Agreeing;
        yield return _region.Bits == 0 ? Text($"{_region.Valid:N0} valid entries in a table of the smallest size, {Size(0)}")
            : Text($"{_region.Valid:N0} valid entries, {All(wrong)} in the group their hash says in a table of {Size(_region.Bits)}");
        if (_region.Bits > 0)
        {
            yield return Text(
                $"the place of each of {_content.AgreeingNames:N0} pairs of segment and page range had a chance of 1 in {1 << _region.Bits}");
        }

        if (_region.Malformed == 0)
        {
            yield return Text($"none of {_region.Size / PowerPcPteFormat.PteSize:N0} slots has a reserved bit set");
        }

        yield return Text(
            $"{_content.Vsids:N0} virtual segments, and {_content.Frames.Length:N0} pages, {_known:N0} of them in RAM or known devices");
    }

    /// <summary>What speaks against it.</summary>
    /// <param name="largest">Up to which size a table with this one in it would have the same entries; its base-two logarithm.</param>
    public IEnumerable<string> Doubts(int largest)
    {
        if (_region.Valid < Few)
        {
            yield return Text($"{_region.Valid} entries are too few to tell a table by");
        }

        if (_region.Bits == 0)
        {
            yield return "in a table of the smallest size any entry may be in any group: the hash proves nothing";
        }

        if (_region.Malformed > 0)
        {
            yield return Text($"slots with reserved bits set: {_region.Malformed:N0}");
        }

        if (_region.Repeated > 0)
        {
            yield return Text($"entries that repeat another of their group, and are never found: {_region.Repeated:N0}");
        }

        if (2 * _known < _content.Frames.Length)
        {
            int unknown = _content.Frames.Length - _known;
            yield return Text($"{unknown:N0} of the {_content.Frames.Length:N0} pages aren't in RAM or known devices");
        }

        if (largest > _region.Bits)
        {
            yield return $"the table may be larger, up to {Size(largest)}: the rest would be empty, and its pages the same";
        }

        yield return "the segment registers aren't in a memory image: give SR0 to SR15 to walk it";
        yield return "which privilege may use the pages depends on the segment registers too: how many bytes each has is not known";
    }

    private static string All(int except) => except == 0 ? "all" : Text($"all but {except:N0}");

    private static string Size(int bits) => bits < 4 ? Text($"{64 << bits} KiB") : Text($"{1 << (bits - 4)} MiB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double Part(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    private static double Unit(double value) => Math.Clamp(value, 0, 1);
}
