using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>A machine description opened by itself: its dump files are the memory.</summary>
internal sealed class MachineReader : IDumpReader
{
    public bool Matches(ReadOnlySpan<byte> head, string path) => MachineDescription.Matches(head);

    public DumpContent Read(DataSource source, DumpOpening opening)
    {
        MachineDescription description = MachineDescription.Read(source);
        var runs = new List<PhysicalRun>();
        var opened = new Dictionary<string, DataSource>();
        try
        {
            foreach (RamPiece piece in description.Ram.Where(p => p.DumpFile != null))
            {
                if (!opened.TryGetValue(piece.DumpFile!, out DataSource? data))
                {
                    data = opening.OpenSource(piece.DumpFile!);
                    opened.Add(piece.DumpFile!, data);
                }

                if (piece.Offset > data.Length || data.Length - piece.Offset < piece.Size)
                {
                    throw new ElfMmuException(
                        "DumpTruncated",
                        ErrorKind.InvalidData,
                        $"'{source.Name}' says that '{piece.DumpFile}' holds the 0x{piece.Size:x} bytes of RAM from 0x{piece.Start:x} "
                        + $"on, but it has only 0x{data.Length - Math.Min(piece.Offset, data.Length):x}. The image is cut off, or the range is wrong.")
                    { Path = piece.DumpFile };
                }

                runs.Add(new PhysicalRun(piece.Start, piece.Size, data, piece.Offset));
            }

            if (runs.Count == 0)
            {
                throw new ElfMmuException(
                    "MachineInvalid",
                    ErrorKind.InvalidData,
                    $"'{source.Name}' names no dumpfile. Give the dump itself, and this description beside it as the machine.")
                { Path = source.Name };
            }
        }
        catch
        {
            foreach (DataSource data in opened.Values)
            {
                data.Dispose();
            }

            throw;
        }

        source.Dispose();
        var content = new DumpContent { Container = "machine description", Runs = runs, Machine = description.Machine };
        content.Remarks.Add($"'{source.Name}' describes the machine; its RAM is in {string.Join(", ", opened.Keys.Select(k => $"'{k}'"))}.");
        return content;
    }
}
