export { AssistModule } from './assist.module.js';
