export { RouterosSession } from "./session.ts";
export type { CommandResult } from "./session.ts";
export { type CommandOptions, type CommandWords, PreparedCommand } from "./command.ts";
export type { SessionOptions } from "./session_options.ts";
export type { RouterTls } from "./tls_options.ts";
export { openLink } from "./open_link.ts";
export type { PeerCertificate } from "./byte_link.ts";
export { attributesOf, rawValueOf } from "./row.ts";
export type { Row } from "./row.ts";
export {
  CertificateChanged,
  ConnectFailed,
  ConnectionLost,
  DeadlineExceeded,
  FatalError,
  LoginRefused,
  ProtocolError,
  TlsFailed,
  TrapError,
} from "./errors.ts";
export type { Trap } from "./errors.ts";
// For servers of the protocol: the fleet simulator and the benchmark's routers.
export { encodeSentence } from "./encode.ts";
export { SentenceDecoder } from "./sentence_decoder.ts";
export { sentenceWords } from "./sentence_words.ts";
