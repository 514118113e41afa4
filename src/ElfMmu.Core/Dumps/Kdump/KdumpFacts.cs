namespace ElfMmu.Dumps;

/// <summary>What a kdump-compressed file says of where, when and how it was made.</summary>
internal static class KdumpFacts
{
    private static readonly (uint Bit, string Name)[] Compressions =
    [
        (KdumpHeader.Zlib, "zlib"),
        (KdumpHeader.Lzo, "lzo"),
        (KdumpHeader.Snappy, "snappy"),
        (KdumpHeader.Zstandard, "zstd"),
    ];

    /// <summary>Collects it.</summary>
    public static DumpFacts Of(KdumpFile file, KdumpPart[] parts, ReadOnlyMemory<byte> vmcoreInfo)
    {
        KdumpHeader header = file.Header;
        DumpFacts kernel = KernelFacts.Of(vmcoreInfo.Span);
        var details = new List<KeyValuePair<string, object>>();
        Add("Machine", header.Machine);
        Add("Kernel version", header.Build);
        Add("Domain", header.Domain is "(none)" ? "" : header.Domain);
        Add("Processors", header.CpuCount);
        Add("Header version", header.Version);
        Add("Page size", header.BlockSize);
        if (header.IsKdump)
        {
            Add("Dump level", file.SubHeader.DumpLevel);
            Add("Physical base", Signed(file.SubHeader.PhysicalBase, header.Layout.WordSize));
        }

        if (file.HasTwoBitmaps)
        {
            Add("Pages left out", parts.Aggregate(0UL, (sum, p) => sum + p.LeftOutCount!.Value));
        }

        Add("Incomplete", header.IsIncomplete);
        if (header.IsWithoutVmemmap)
        {
            Add("Without vmemmap", true);
        }

        if (file.SubHeader.EraseInfoSize > 0)
        {
            Add("Erased data", true);
        }

        if (parts.Length > 1)
        {
            Add("Files", parts.Length);
        }

        string release = $"{header.System} {header.Release}".Trim();
        return new DumpFacts
        {
            OperatingSystem = release.Length > 0 ? release : kernel.OperatingSystem,
            HostName = header.Host is "" or "(none)" ? null : header.Host,
            TakenUtc = KernelFacts.Time(header.Seconds) ?? kernel.TakenUtc,
            Compression = CompressionOf(header, parts),
            Details = [.. details, .. kernel.Details],
        };

        void Add(string name, object value)
        {
            if (value is not "")
            {
                details.Add(new(name, value));
            }
        }
    }

    /// <summary>A kernel that is linked higher than it was loaded has a negative base.</summary>
    private static string Signed(ulong value, int wordSize)
    {
        long number = wordSize == 64 ? (long)value : (int)value;
        return number < 0 ? $"-0x{(ulong)-number:x}" : $"0x{number:x}";
    }

    /// <summary>What the header says; who wrote nothing there is asked by the first pages.</summary>
    private static string? CompressionOf(KdumpHeader header, KdumpPart[] parts)
    {
        const int Samples = 64;
        uint used = header.IsKdump ? header.Status : 0;
        foreach (KdumpPart part in parts)
        {
            ulong count = part.Pages.Length / header.BlockSize;
            for (ulong i = 0; i < Math.Min(count, Samples); i++)
            {
                used |= part.Pages.Descriptor(i * (count / Math.Min(count, Samples))).Compression;
            }
        }

        string[] names = [.. Compressions.Where(c => (used & c.Bit) != 0).Select(c => c.Name)];
        return names.Length == 0 ? null : string.Join(", ", names);
    }
}
