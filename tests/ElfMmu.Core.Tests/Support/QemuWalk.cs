using System.Globalization;

namespace ElfMmu.Tests.Support;

/// <summary>What QEMU's monitor says of an address space.</summary>
internal static class QemuWalk
{
    private const ulong NoExecute = 1UL << 63;

    /// <summary>
    /// <c>info tlb</c>: the first virtual address of every leaf and where it leads. For PAE QEMU leaves the leaf's NX bit in the
    /// address.
    /// </summary>
    public static SortedDictionary<ulong, ulong> InfoTlb(string path, bool pae = false)
    {
        var leaves = new SortedDictionary<ulong, ulong>();
        foreach (string line in TestData.Lines(path))
        {
            string[] parts = line.Split(": ");
            leaves.Add(Hex(parts[0]), Hex(parts[1].Split(' ')[0]) & ~(pae ? NoExecute : 0));
        }

        return leaves;
    }

    /// <summary><c>gva2gpa</c>: single addresses; null where QEMU found nothing.</summary>
    public static List<(ulong Virtual, ulong? Physical)> Gva2Gpa(string path) =>
        [.. TestData.Lines(path).Select(l => l.Split(' '))
            .Select(p => (Hex(p[0]), p[1] == "unmapped" ? (ulong?)null : Hex(p[1])))];

    public static ulong Hex(string text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
