using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ElfMmu.Memory;

namespace ElfMmu.Dumps;

/// <summary>
/// Writes a FOSSIL note about a machine, as mmushell's converter does: devices are segments without bytes, which the note names. What its
/// readers don't know is under keys of its own: the further processors, and that the registers are all there are.
/// </summary>
internal static class FossilNoteWriter
{
    /// <summary>The note's name.</summary>
    public const string Name = "FOSSIL";

    /// <summary>The note's type.</summary>
    public const uint Type = 0xdead_c0de;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The note's description: JSON and a NUL.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="devices">Those of its devices that are segments of the core; of the others the note says where they end.</param>
    public static byte[] Write(Machine machine, IReadOnlyList<PhysicalRegion> devices)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            Text(FossilNote.ArchitectureKey, MachineNames.NameOf(machine.Architecture));
            Text(FossilNote.DetailedArchitectureKey, MachineNames.NameOf(machine.Architecture, machine.WordSize));
            json.WriteNumber("Uptime", -1);

            // Readers expect one processor's registers, or an empty list.
            json.WritePropertyName(FossilNote.RegistersKey);
            if (machine.Cpus.Count == 0)
            {
                json.WriteStartArray();
                json.WriteEndArray();
            }
            else
            {
                Registers(machine.Cpus[0]);
            }

            if (machine.Cpus.Count > 1)
            {
                json.WriteStartArray(FossilNote.OtherRegistersKey);
                foreach (Cpu cpu in machine.Cpus.Skip(1))
                {
                    Registers(cpu);
                }

                json.WriteEndArray();
            }

            json.WriteBoolean(FossilNote.CompleteKey, true);
            json.WriteStartArray(FossilNote.DevicesKey);
            var segments = devices.ToHashSet();
            foreach (PhysicalRegion device in machine.Devices.Where(d => d.Size > 0))
            {
                bool isSegment = segments.Contains(device);
                json.WriteStartArray();
                json.WriteNumberValue(device.Start);

                // Of a segment the size is known; the name is what is missing.
                if (!isSegment || device.Name == null)
                {
                    json.WriteNumberValue(device.Last);
                }

                if (device.Name is { } name)
                {
                    json.WriteStringValue(name);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
            Text(FossilNote.ModeKey, machine.Mode);
            json.WriteStartObject(FossilNote.SpecificsKey);
            if (machine.PhysicalAddressBits is { } bits)
            {
                json.WriteNumber(FossilNote.AddressBitsKey, bits);
            }

            if (machine.EncryptionMask != 0)
            {
                json.WriteNumber(FossilNote.EncryptionKey, machine.EncryptionMask);
            }

            json.WriteEndObject();
            json.WriteEndObject();

            void Text(string key, string? value)
            {
                if (value != null)
                {
                    json.WriteString(key, value);
                }
            }

            void Registers(Cpu cpu)
            {
                json.WriteStartObject();
                foreach ((string name, ulong value) in cpu.Registers)
                {
                    json.WriteNumber(name, value);
                }

                json.WriteEndObject();
            }
        }

        return [.. buffer.WrittenSpan, 0];
    }

    /// <summary>Whether a machine has anything that only this note tells.</summary>
    public static bool IsNeeded(Machine machine) =>
        machine.Architecture != Architecture.Unknown || machine.Cpus.Count > 0 || machine.Devices.Count > 0 || machine.Mode != null
        || machine.PhysicalAddressBits != null || machine.EncryptionMask != 0;
}
