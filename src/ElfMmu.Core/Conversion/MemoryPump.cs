using ElfMmu.Export;
using ElfMmu.Memory;

namespace ElfMmu.Conversion;

/// <summary>Brings all memory of a dump to a writer and to a hash: each byte is read once, but for those around damage.</summary>
/// <param name="memory">The memory.</param>
/// <param name="writer">Takes the memory.</param>
/// <param name="hash">Takes the same bytes.</param>
internal sealed class MemoryPump(PhysicalMemory memory, DumpWriter writer, MemoryHash hash)
{
    /// <summary>What is damaged, as far as it was read.</summary>
    public DamagedStretches Damaged { get; } = new();

    /// <summary>Brings it all; O(bytes), memory is O(runs). What is known to be a hole isn't read.</summary>
    /// <param name="report">Told how many bytes are done, after every few megabytes.</param>
    /// <param name="cancellation">Ends it.</param>
    public void Run(Action<ulong> report, CancellationToken cancellation)
    {
        const ulong MostHole = 256 << 20;
        var holes = new HoleCursor();
        ulong done = 0;
        foreach (PhysicalRun run in memory.Runs)
        {
            for (ulong within = 0, size; within < run.Size; within += size)
            {
                cancellation.ThrowIfCancellationRequested();
                report(done);
                size = run.Size - within;
                holes.LookAt(run.Source, run.Offset + within, ref size);
                ulong address = run.Start + within;
                if (holes.InHole)
                {
                    size = Math.Min(size, MostHole);
                    writer.WriteZeros(address, size);
                    hash.AddZeros(size);
                }
                else
                {
                    size = Math.Min(size, MemoryHash.PieceSize);
                    Bring(run, within, (int)size);
                }

                done += size;
            }
        }

        report(done);
    }

    /// <summary>
    /// Brings one piece. Files are read by system calls, also those that are mapped: so a file that becomes shorter meanwhile is an error and
    /// no signal, and a large one doesn't fill this process.
    /// </summary>
    private void Bring(in PhysicalRun run, ulong within, int size)
    {
        ulong address = run.Start + within;
        ulong offset = run.Offset + within;
        byte[] buffer = hash.Rent();
        Span<byte> bytes = buffer.AsSpan(0, size);
        if (run.Source.Damage == null)
        {
            run.Source.ReadIsland(offset, bytes);
        }
        else
        {
            int known = Damaged.All.Count == 0 ? 0 : Damaged.All.Count - 1;
            if (!Damaged.Read(run.Source, offset, address, bytes))
            {
                BringSound(address, bytes, known);
                return;
            }
        }

        writer.Write(address, bytes);
        hash.Add(buffer, size);
    }

    /// <summary>Brings what lies around the stretches that turned out to be damaged just now.</summary>
    private void BringSound(ulong address, ReadOnlySpan<byte> bytes, int firstDamaged)
    {
        int position = 0;
        for (int i = firstDamaged; i <= Damaged.All.Count; i++)
        {
            // The stretch may have begun in the piece before this one, and ends in it at the latest.
            bool isLast = i == Damaged.All.Count;
            (ulong start, ulong size) = isLast ? default : Damaged.All[i];
            int end = isLast ? bytes.Length : start <= address ? 0 : (int)(start - address);
            if (end > position)
            {
                byte[] part = hash.Rent();
                ReadOnlySpan<byte> sound = bytes[position..end];
                sound.CopyTo(part);
                writer.Write(address + (ulong)position, sound);
                hash.Add(part, sound.Length);
            }

            // One that ends before this piece leaves the position at its start.
            if (!isLast && start + (size - 1) >= address)
            {
                position = (int)Math.Min(start + size - address, (ulong)bytes.Length);
            }
        }
    }
}
