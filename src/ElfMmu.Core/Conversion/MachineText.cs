using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ElfMmu.Dumps;
using ElfMmu.Memory;

namespace ElfMmu.Conversion;

/// <summary>
/// Writes a machine description in mmushell's format. What that has no place for stands under keys of its own: <c>offset</c> of a stretch that
/// isn't at the start of its file, <c>cpus</c> for the processors behind the first, and <c>encryption_mask</c>.
/// </summary>
internal static class MachineText
{
    // Readers take descriptions of up to 1 MiB.
    private const int MostBytes = 1 << 20;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text. O(runs + devices + registers).</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="ram">The memory with the files it is in and where it begins in them; empty where the file says that itself.</param>
    /// <param name="loss">What of the memory is lost, which comments say; null for nothing.</param>
    /// <param name="path">Where the text goes, for messages.</param>
    /// <exception cref="ElfMmuException"><c>MachineTooLarge</c>: there are more stretches of memory than a description may have.</exception>
    public static byte[] Of(
        Machine machine, IReadOnlyList<(MemoryPiece Piece, string File, ulong Offset)> ram, ConversionLoss? loss, string path)
    {
        var text = new StringBuilder("cpu:\n");
        if (MachineNames.NameOf(machine.Architecture) is { } architecture)
        {
            Line(2, "architecture", architecture);
        }

        Line(2, "endianness", machine.ByteOrder == ByteOrder.Big ? "big" : "little");
        if (machine.WordSize is { } bits)
        {
            Line(2, "bits", Number(bits));
        }

        if (machine.PhysicalAddressBits is { } most)
        {
            text.Append("  processor_features:\n");
            Line(4, "m_phy", Number(most));
        }

        if (machine.Cpus.Count > 0)
        {
            if (machine.Cpus[0].Index != 0)
            {
                Line(2, "index", Number(machine.Cpus[0].Index));
            }

            Registers(2, machine.Cpus[0]);
        }

        if (machine.Mode != null || machine.EncryptionMask != 0)
        {
            text.Append("mmu:\n");
            if (machine.Mode is { } mode)
            {
                Line(2, "mode", Quoted(mode));
            }

            if (machine.EncryptionMask != 0)
            {
                Line(2, "encryption_mask", Hex(machine.EncryptionMask));
            }
        }

        if (ram.Count + machine.Devices.Count > 0)
        {
            text.Append("memspace:\n");
        }

        if (ram.Count > 0)
        {
            text.Append("  ram:\n");
            foreach ((MemoryPiece piece, string file, ulong offset) in ram)
            {
                Line(4, "- start", Hex(piece.Start));
                Line(6, "end", Hex(piece.Last));
                Line(6, "dumpfile", Quoted(file));
                if (offset != 0)
                {
                    Line(6, "offset", Hex(offset));
                }
            }
        }

        if (machine.Devices.Any(d => d.Size > 0))
        {
            text.Append("  not_ram:\n");
            foreach (PhysicalRegion device in machine.Devices.Where(d => d.Size > 0))
            {
                Line(4, "- start", Hex(device.Start));
                Line(6, "end", Hex(device.Last));
                if (device.Name is { } name)
                {
                    Line(6, "name", Quoted(name));
                }
            }
        }

        if (machine.Cpus.Count > 1)
        {
            text.Append("cpus:\n");
            foreach (Cpu cpu in machine.Cpus.Skip(1))
            {
                Line(2, "- index", Number(cpu.Index));
                Registers(4, cpu);
            }
        }

        // Behind everything else: the first lines say what kind of file it is.
        foreach (string line in loss?.Describe(int.MaxValue) ?? [])
        {
            text.Append("# ").Append(line).Append('\n');
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        return bytes.Length <= MostBytes ? bytes : throw new ElfMmuException(
            "MachineTooLarge",
            ErrorKind.LimitsExceeded,
            $"The memory is in {ram.Count} stretches, more than a machine description has room for. Convert to ELF or LiME instead, or leave '{path}' out.")
        { Path = path };

        void Line(int indent, string key, string value) => text.Append(' ', indent).Append(key).Append(": ").Append(value).Append('\n');

        void Registers(int indent, Cpu cpu)
        {
            if (cpu.Registers.Count > 0)
            {
                text.Append(' ', indent).Append("registers_values:\n");
                foreach ((string name, ulong value) in cpu.Registers)
                {
                    Line(indent + 2, Key(name), Hex(value));
                }
            }
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private static string Key(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') ? name : Quoted(name);

    // What JSON quotes, YAML reads.
    private static string Quoted(string text) => JsonSerializer.Serialize(text, Plain);
}
