using System.Collections.ObjectModel;
using System.Globalization;

namespace ElfMmu.Elf.Notes;

/// <summary>Reads the descriptions of the notes in a core file of Linux.</summary>
internal static class CoreNoteContents
{
    private const uint Auxiliary = 6;
    private const uint SignalInfo = 0x53494749;

    // More than a process can map or be told; a note that counts more isn't sound.
    private const ulong MostFiles = 1 << 20;

    /// <summary>The content of a note of CORE or LINUX; null where the type says nothing more, or its layout isn't known.</summary>
    /// <exception cref="FormatException">It contradicts itself; the message says how.</exception>
    public static NoteContent? Read(uint type, in NoteBytes bytes, ElfHeader header) => type switch
    {
        CoreNoteLayouts.PrStatus => Status(bytes, header),
        CoreNoteLayouts.PrPsInfo => ProcessInfo(bytes),
        Auxiliary => AuxiliaryVector(bytes),
        CoreNoteLayouts.MappedFiles => MappedFiles(bytes),
        SignalInfo => Signal(bytes, header),
        _ => null,
    };

    public static ReadOnlyDictionary<string, ulong> InOrder(Action<IDictionary<string, ulong>> fill)
    {
        var registers = new OrderedDictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        fill(registers);
        return new ReadOnlyDictionary<string, ulong>(registers);
    }

    private static NoteContent? Status(in NoteBytes bytes, ElfHeader header)
    {
        if (ThreadLayouts.Find(header, bytes.Length) is not { } layout)
        {
            return null;
        }

        // The head is of 32-bit longs or of 64-bit ones, whatever the file's class is: QEMU puts one's note into the other's file.
        var b = new NoteBytes(bytes.All, layout.PidOffset == 32 ? ElfClass.Elf64 : ElfClass.Elf32, header.Data);
        byte[] description = bytes.All.ToArray();
        int word = b.WordSize;
        int times = layout.PidOffset + 16;

        // pr_fpvalid is the last number, filled up to the size of a register. The registers' own places may have others behind them.
        int floating = layout.Size - layout.RegisterSize;
        var status = new CoreThreadStatus
        {
            Signal = b.I32(0),
            SignalName = SignalNames.Of(b.I32(0), header.Machine),
            Code = b.I32(4),
            Error = b.I32(8),
            CurrentSignal = (short)b.U16(12),
            PendingSignals = b.Word(16),
            HeldSignals = b.Word(16 + word),
            ProcessId = b.I32(layout.PidOffset),
            ParentProcessId = b.I32(layout.PidOffset + 4),
            ProcessGroupId = b.I32(layout.PidOffset + 8),
            SessionId = b.I32(layout.PidOffset + 12),
            UserTime = Time(b, times),
            SystemTime = Time(b, times + (2 * word)),
            ChildrenUserTime = Time(b, times + (4 * word)),
            ChildrenSystemTime = Time(b, times + (6 * word)),
            HasFloatingPoint = b.U32(floating) != 0,
            Registers = InOrder(r => CoreNoteLayouts.Decode(layout, description, header.Data, r)),
        };
        string counter = new[] { "rip", "eip", "pc", "nip", "epc", "pswa", "era" }.FirstOrDefault(status.Registers.ContainsKey) is { } name
            ? string.Create(CultureInfo.InvariantCulture, $", {name} 0x{status.Registers[name]:x}")
            : "";
        string signal = status.Signal == 0 ? "" : $", {status.SignalName ?? "signal " + status.Signal.ToString(CultureInfo.InvariantCulture)}";
        return new NoteContent(status, string.Create(CultureInfo.InvariantCulture, $"Thread {status.ProcessId}{signal}{counter}"));
    }

    private static TimeSpan Time(in NoteBytes b, int at)
    {
        // Seconds and microseconds; what is more than a TimeSpan holds isn't a time.
        const long Most = 900_000_000_000;
        long seconds = b.SignedWord(at);
        long micros = b.SignedWord(at + b.WordSize);
        return Math.Abs((decimal)seconds) > Most || Math.Abs((decimal)micros) > Most
            ? TimeSpan.Zero
            : new TimeSpan((seconds * TimeSpan.TicksPerSecond) + (micros * TimeSpan.TicksPerMicrosecond));
    }

    // struct elf_prpsinfo: with 64-bit longs, with 32-bit ones, and with 16-bit numbers of users where the ABI is older than 32-bit ones.
    private static NoteContent? ProcessInfo(in NoteBytes b)
    {
        (int flags, int owner, int ids, bool small) = b.Length switch
        {
            136 => (8, 16, 24, false),
            128 => (4, 8, 16, false),
            124 => (4, 8, 12, true),
            _ => (0, 0, 0, false),
        };
        if (flags == 0)
        {
            return null;
        }

        int name = ids + 16;
        var info = new CoreProcessInfo
        {
            State = b.U8(0),
            StateName = (char)b.U8(1),
            IsZombie = b.U8(2) != 0,
            Nice = (sbyte)b.U8(3),
            Flags = flags == 8 ? b.U64(flags) : b.U32(flags),
            UserId = small ? b.U16(owner) : b.U32(owner),
            GroupId = small ? b.U16(owner + 2) : b.U32(owner + 4),
            ProcessId = b.I32(ids),
            ParentProcessId = b.I32(ids + 4),
            ProcessGroupId = b.I32(ids + 8),
            SessionId = b.I32(ids + 12),
            FileName = b.Text(name, 16),
            Arguments = b.Text(name + 16, 80),
        };
        return new NoteContent(info, string.Create(CultureInfo.InvariantCulture, $"Process {info.ProcessId}: {info.Arguments.TrimEnd()}"));
    }

    private static NoteContent? AuxiliaryVector(in NoteBytes b)
    {
        var entries = new List<CoreAuxiliaryEntry>();
        for (int at = 0; at + (2 * b.WordSize) <= b.Length; at += 2 * b.WordSize)
        {
            ulong type = b.Word(at);
            if (type == 0)
            {
                break;
            }

            entries.Add(new CoreAuxiliaryEntry(type, AuxiliaryNames.Of(type), b.Word(at + b.WordSize)));
        }

        ulong? entry = entries.Find(e => e.TypeName == "AT_ENTRY")?.Value;
        return new NoteContent(
            new CoreAuxiliaryVector(entries.AsReadOnly()),
            string.Create(CultureInfo.InvariantCulture, $"{entries.Count} entries") + (entry is { } e ? $", AT_ENTRY 0x{e:x}" : ""));
    }

    private static NoteContent? MappedFiles(in NoteBytes b)
    {
        int word = b.WordSize;
        if (b.Length < 2 * word)
        {
            throw new FormatException("it ends within its first two numbers");
        }

        ulong count = b.Word(0);
        ulong pageSize = b.Word(word);
        if (count > MostFiles || (int)count > (b.Length - (2 * word)) / (3 * word))
        {
            throw new FormatException($"it counts {count} files, and has room for {(b.Length - (2 * word)) / (3 * word)}");
        }

        var files = new CoreMappedFile[(int)count];
        int name = (2 + (3 * files.Length)) * word;
        for (int i = 0; i < files.Length; i++)
        {
            int at = (2 + (3 * i)) * word;
            ReadOnlySpan<byte> rest = b.All[Math.Min(name, b.Length)..];
            int end = rest.IndexOf((byte)0);
            end = end < 0 ? rest.Length : end;
            files[i] = new CoreMappedFile(b.Word(at), b.Word(at + word), unchecked(b.Word(at + (2 * word)) * pageSize), NoteBytes.Text(rest[..end]));
            name += end + 1;
        }

        return new NoteContent(
            new CoreMappedFiles(pageSize, Array.AsReadOnly(files)),
            string.Create(CultureInfo.InvariantCulture, $"{files.Length} mappings of {files.Select(f => f.Path).Distinct().Count()} files"));
    }

    private static NoteContent? Signal(in NoteBytes b, ElfHeader header)
    {
        // What depends on the signal starts where a pointer is aligned.
        int detail = b.Is64 ? 16 : 12;
        if (b.Length < detail + 8)
        {
            throw new FormatException("it ends within its first numbers");
        }

        // MIPS has si_code before si_errno.
        bool swapped = header.Machine.IsMips();
        int number = b.I32(0);
        int code = b.I32(swapped ? 4 : 8);
        string? name = SignalNames.Of(number, header.Machine);
        string? codeName = SignalNames.OfCode(number, code, header.Machine);
        bool hasAddress = code > 0 && code != 0x80 && name is "SIGILL" or "SIGFPE" or "SIGSEGV" or "SIGBUS" or "SIGTRAP";
        bool hasSender = code is 0 or -1 or -6 || (code > 0 && name == "SIGCHLD");
        var signal = new CoreSignal
        {
            Signal = number,
            SignalName = name,
            Code = code,
            CodeName = codeName,
            Error = b.I32(swapped ? 8 : 4),
            Address = hasAddress ? b.Word(detail) : null,
            ProcessId = hasSender ? b.I32(detail) : null,
            UserId = hasSender ? b.U32(detail + 4) : null,
        };
        string text = string.Create(CultureInfo.InvariantCulture, $"{name ?? "Signal " + number}, {codeName ?? "code " + code}")
            + (signal.Address is { } address ? $", address 0x{address:x}" : "")
            + (signal.ProcessId is { } sender ? string.Create(CultureInfo.InvariantCulture, $", from process {sender}") : "");
        return new NoteContent(signal, text);
    }
}
